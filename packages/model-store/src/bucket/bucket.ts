import type { S3Client } from '@aws-sdk/client-s3';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BucketError } from '../errors';
import type { BucketLocation } from './location';

/** Larger files are uploaded in parts of this size; S3 allows 10,000 parts. */
const PART_BYTES = 64 * 2 ** 20;

/** S3 deletes at most as many objects in one call. */
const DELETE_LIMIT = 1000;

type Sdk = typeof import('@aws-sdk/client-s3');

/**
 * The objects below one prefix of an S3-compatible bucket. Region, credentials and endpoint come from the environment as for
 * every AWS tool (`AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL_S3`, a role of the machine).
 *
 * All methods throw BucketError.
 */
export class Bucket {
  #client?: Promise<{ readonly sdk: Sdk; readonly s3: S3Client }>;

  constructor(readonly location: BucketLocation) {}

  /** @returns `undefined` where there is no such object */
  async readText(key: string): Promise<string | undefined> {
    return this.#call('read', async ({ sdk, s3 }) => {
      try {
        const { Body } = await s3.send(new sdk.GetObjectCommand(this.#object(key)));
        return await Body?.transformToString();
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return undefined;
        throw error;
      }
    });
  }

  /** Writes a small object whole: readers see the old one or the new one. */
  async writeText(key: string, text: string): Promise<void> {
    await this.#call('written', ({ sdk, s3 }) =>
      s3.send(new sdk.PutObjectCommand({ ...this.#object(key), Body: text })),
    );
  }

  async upload(file: string, key: string): Promise<void> {
    await this.#call('written', async ({ s3 }) => {
      const { Upload } = await import('@aws-sdk/lib-storage');
      const params = { ...this.#object(key), Body: createReadStream(file, { highWaterMark: 1 << 20 }) };
      await new Upload({ client: s3, params, partSize: PART_BYTES, leavePartsOnError: false }).done();
    });
  }

  /** Appends an object's bytes to a file. @param from the first byte, which is what the file has already */
  async download(key: string, file: string, from: number): Promise<void> {
    await this.#call('read', async ({ sdk, s3 }) => {
      const range = from === 0 ? {} : { Range: `bytes=${from}-` };
      const { Body } = await s3.send(new sdk.GetObjectCommand({ ...this.#object(key), ...range }));
      if (!(Body instanceof Readable)) throw new Error(`${key} came without content`);
      await pipeline(Body, createWriteStream(file, { flags: 'a' }));
    });
  }

  /** The keys that begin with `start`, without the prefix of the store. */
  async list(start: string): Promise<string[]> {
    return this.#call('read', async ({ sdk, s3 }) => {
      const keys: string[] = [];
      const { bucket, prefix } = this.location;
      for await (const page of sdk.paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix + start })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key.slice(prefix.length));
      }
      return keys;
    });
  }

  async remove(keys: readonly string[]): Promise<void> {
    await this.#call('written', async ({ sdk, s3 }) => {
      for (let i = 0; i < keys.length; i += DELETE_LIMIT) {
        const Objects = keys.slice(i, i + DELETE_LIMIT).map((key) => ({ Key: this.location.prefix + key }));
        const { Errors = [] } = await s3.send(
          new sdk.DeleteObjectsCommand({ Bucket: this.location.bucket, Delete: { Objects, Quiet: true } }),
        );
        if (Errors.length > 0) throw new Error(`${Errors[0].Key ?? ''} was not deleted: ${Errors[0].Message ?? ''}`);
      }
    });
  }

  #object(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.location.bucket, Key: this.location.prefix + key };
  }

  async #call<T>(done: 'read' | 'written', call: (client: { sdk: Sdk; s3: S3Client }) => Promise<T>): Promise<T> {
    try {
      this.#client ??= connect();
      return await call(await this.#client);
    } catch (cause) {
      const { url } = this.location;
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new BucketError(
        url,
        `The store ${url} can't be ${done} (${reason}); check its name, the network, AWS_REGION and the credentials.`,
        { cause },
      );
    }
  }
}

/** Loaded when a bucket is first used: the SDK takes longer to load than all else that a command needs. */
async function connect(): Promise<{ readonly sdk: Sdk; readonly s3: S3Client }> {
  // Our own `engines` say which releases of Node are supported; the SDK announces on stderr which ones it will drop.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const s3 = new sdk.S3Client({
    // Servers other than Amazon's rarely answer to a host name for each bucket.
    ...(endpoint === undefined
      ? {}
      : { endpoint, forcePathStyle: true, region: process.env.AWS_REGION ?? 'us-east-1' }),
    // Nor do all of them know checksums that trail the content; ours are in the manifest.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 5,
  });
  return { sdk, s3 };
}
