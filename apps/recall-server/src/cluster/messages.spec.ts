import { readNews, readOrder } from './messages';

it('reads what it knows', () => {
  expect(readOrder({ order: 'reload', id: 1 })).toEqual({ order: 'reload', id: 1 });
  expect(readNews({ news: 'listening', port: 5 })).toEqual({ news: 'listening', port: 5 });
});

it('leaves the messages of others alone', () => {
  expect(readOrder({ type: 'prom-client:getMetricsReq', requestId: 0 })).toBeUndefined();
  expect(readNews({ type: 'prom-client:getMetricsRes' })).toBeUndefined();
  expect(readNews('text')).toBeUndefined();
});
