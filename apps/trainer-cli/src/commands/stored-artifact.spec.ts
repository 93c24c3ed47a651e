import { placeOf } from './stored-artifact';

it.each([
  ['artifacts', { root: 'artifacts' }],
  ['/data/store/versions/20261122T101500Z-3f2a', { root: '/data/store', version: '20261122T101500Z-3f2a' }],
  ['/data/store/versions/20261122T101500Z-3f2a/', { root: '/data/store', version: '20261122T101500Z-3f2a' }],
  ['/data/store/current', { root: '/data/store/current' }],
])('reads the path %s', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});
