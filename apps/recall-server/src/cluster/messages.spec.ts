import { readNews, readOrder } from './messages';

it('reads what it knows', () => {
  expect(readOrder({ order: 'reload', id: 1 })).toEqual({ order: 'reload', id: 1 });
  expect(readOrder({ order: 'show-life', id: 2 })).toEqual({ order: 'show-life', id: 2 });
  expect(readNews({ news: 'metrics', id: 3, metrics: [{ name: 'a' }] })).toMatchObject({ metrics: [{ name: 'a' }] });
  const place = { path: '/proc/7/fd/20', inode: '12' };
  expect(readOrder({ order: 'map-index', id: 4, place })).toEqual({ order: 'map-index', id: 4, place });
  expect(readNews({ news: 'wants-index', id: 4, file: 'f' })).toEqual({ news: 'wants-index', id: 4, file: 'f' });
  expect(readNews({ news: 'listening', port: 5 })).toEqual({ news: 'listening', port: 5 });
});

it('leaves the messages of others alone', () => {
  expect(readOrder({ type: 'prom-client:getMetricsReq', requestId: 0 })).toBeUndefined();
  expect(readNews({ type: 'prom-client:getMetricsRes' })).toBeUndefined();
  expect(readNews('text')).toBeUndefined();
});
