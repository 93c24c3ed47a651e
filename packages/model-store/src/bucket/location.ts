import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { BucketError } from '../errors';

/** A store in a bucket of object storage. */
export interface BucketLocation {
  /** `s3://bucket/prefix`, without a slash at its end. */
  readonly url: string;
  readonly bucket: string;
  /** What all keys begin with: empty, or with a slash at its end. */
  readonly prefix: string;
}

/**
 * @param path of a store: a folder or `s3://bucket/prefix`
 * @returns `undefined` for a folder
 * @throws BucketError
 */
export function bucketLocationOf(path: string): BucketLocation | undefined {
  if (!path.startsWith('s3://')) return undefined;
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^/].*?))?\/*$/.exec(path);
  if (match === null) {
    throw new BucketError(path, `${path} is not the address of a store; write s3://BUCKET or s3://BUCKET/PREFIX.`);
  }
  const bucket = match[1];
  const prefix = match.at(2) ?? '';
  return {
    url: prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`,
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
  };
}

/**
 * Where a store keeps files on this machine: the folder itself, or for a bucket one below the user's cache
 * (`XDG_CACHE_HOME`), which holds downloaded versions, checkpoints and what is being written.
 * @throws BucketError
 */
export function localFolderOf(path: string): string {
  const location = bucketLocationOf(path);
  if (location === undefined) return resolve(path);
  const given = process.env.XDG_CACHE_HOME;
  const cache = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.cache');
  const name = createHash('sha256').update(location.url).digest('hex').slice(0, 16);
  return join(cache, 'vector-recall/stores', name);
}
