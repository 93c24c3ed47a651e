import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { BucketError } from '../errors';
import { bucketLocationOf, localFolderOf } from './location';

it.each([
  ['s3://models', { url: 's3://models', bucket: 'models', prefix: '' }],
  ['s3://models/', { url: 's3://models', bucket: 'models', prefix: '' }],
  ['s3://models/shop/eu/', { url: 's3://models/shop/eu', bucket: 'models', prefix: 'shop/eu/' }],
])('%s is a place in a bucket', (path, location) => {
  expect(bucketLocationOf(path)).toEqual(location);
});

it.each(['artifacts', '/srv/s3', 's3/models', './s3:/models'])('%s is a folder', (path) => {
  expect(bucketLocationOf(path)).toBeUndefined();
  expect(localFolderOf(path)).toBe(resolve(path));
});

it.each(['s3://', 's3:///shop', 's3://Models', 's3://a/b', 's3://models//shop'])('%s is refused', (path) => {
  expect(() => bucketLocationOf(path)).toThrow(
    new BucketError(path, `${path} is not the address of a store; write s3://BUCKET or s3://BUCKET/PREFIX.`),
  );
});

it('a bucket has a folder of its own in the cache, one for all ways to write it', () => {
  const folder = localFolderOf('s3://models/shop');
  expect(
    folder.startsWith(join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vector-recall/stores/')),
  ).toBe(true);
  expect(localFolderOf('s3://models/shop/')).toBe(folder);
  expect(localFolderOf('s3://models/shops')).not.toBe(folder);
});
