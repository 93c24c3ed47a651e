import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeOf } from './stored-artifact';

it.each([
  ['artifacts', { root: 'artifacts' }],
  ['/data/store/versions/20261122T101500Z-3f2a', { root: '/data/store', version: '20261122T101500Z-3f2a' }],
  ['/data/store/versions/20261122T101500Z-3f2a/', { root: '/data/store', version: '20261122T101500Z-3f2a' }],
  ['/data/store/current', { root: '/data/store/current' }],
])('reads the path %s', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});

it('follows the link to the current version', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'stored-artifact-')));
  try {
    mkdirSync(join(root, 'versions', 'one'), { recursive: true });
    symlinkSync('versions/one', join(root, 'current'));
    expect(placeOf(join(root, 'current'))).toEqual({ root, version: 'one' });
    expect(placeOf(root)).toEqual({ root });
  } finally {
    rmSync(root, { recursive: true });
  }
});
