import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { DatasetError } from '../errors';

/** Large enough that a parser's fixed cost per chunk vanishes, small enough that its rows stay in the young heap. */
const CHUNK_BYTES = 1 << 18;

/** How files begin that are no text, and what to do about them. */
const FOREIGN: readonly { readonly magic: readonly number[]; readonly advice: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], advice: 'is a zip archive or a spreadsheet; unpack it, or export it as CSV' },
  { magic: [0x50, 0x41, 0x52, 0x31], advice: 'is Parquet; say "format: parquet"' },
  { magic: [0x42, 0x5a, 0x68], advice: 'is compressed with bzip2; unpack it, or compress it with gzip or zstd' },
  {
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    advice: 'is compressed with xz; unpack it, or compress it with gzip or zstd',
  },
];

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * The bytes of a file in pieces, unpacked where it is compressed with gzip or zstd, whatever it is called.
 * @throws DatasetError (`DATASET_FILE_UNREADABLE`) when it is of a kind that is no text; errors of the file system as
 * they are
 */
export async function* decompressedChunks(file: string): AsyncGenerator<Uint8Array, void, void> {
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  try {
    const first = await chunks.next();
    if (first.done === true) return;
    const start = first.value;
    const foreign = FOREIGN.find(({ magic }) => startsWith(start, magic));
    if (foreign !== undefined)
      throw new DatasetError('DATASET_FILE_UNREADABLE', `this file ${foreign.advice}.`, { file });
    const all = joined(start, chunks);
    if (startsWith(start, GZIP)) yield* gunzip(all);
    else if (startsWith(start, ZSTD)) yield* unzstd(all);
    else yield* all;
  } finally {
    stream.destroy();
  }
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, void> {
  yield start;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void, void> {
  // The callback is for errors, which the iteration of the last stream throws as well.
  const unpacked: AsyncIterable<Buffer> = pipeline(
    Readable.from(chunks),
    createGunzip({ chunkSize: CHUNK_BYTES }),
    () => undefined,
  );
  yield* unpacked;
}

async function* unzstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void, void> {
  const unpacked: Uint8Array[] = [];
  const decompress = new Decompress((chunk) => {
    unpacked.push(chunk);
  });
  for await (const chunk of chunks) {
    decompress.push(chunk);
    yield* unpacked.splice(0);
  }
  decompress.push(new Uint8Array(0), true);
  yield* unpacked;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}
