import { open, type FileHandle } from 'node:fs/promises';
import { usingFile } from '@vector-recall/core-config/files';
import { ImportError } from '../errors';

/** The vectors that an index of hnswlib holds; marked deletions are not among them. */
export interface HnswlibVectors {
  readonly dim: number;
  readonly m: number;
  readonly efConstruction: number;
  /** `[rows]`, as the index has them. */
  readonly labels: BigInt64Array;
  /** `[rows, dim]`; of length one where the space is cosine, as hnswlib normalises what it takes. */
  readonly vectors: Float32Array;
}

const HEADER_BYTES = 96;
const BLOCK_ELEMENTS = 4096;
/** The byte of an element's link count that holds its marks, and the mark of a deletion. */
const MARKS_AT = 2;
const DELETED = 1;

interface Header {
  readonly count: number;
  readonly dim: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly elementBytes: number;
  readonly labelAt: number;
  readonly vectorAt: number;
}

/**
 * Reads the vectors and labels out of a file of `saveIndex` (hnswlib, little-endian, float32), whoever wrote it. Links
 * are not read: the index is built again, with checks that hnswlib's loader does not make.
 *
 * @throws ImportError where the file is not such a file, FileError
 */
export async function readHnswlibFile(file: string): Promise<HnswlibVectors> {
  return usingFile(file, 'read', async () => {
    const handle = await open(file, 'r');
    try {
      return await readElements(file, handle, await readHeader(file, handle));
    } finally {
      await handle.close();
    }
  });
}

async function readHeader(file: string, handle: FileHandle): Promise<Header> {
  const { size } = await handle.stat();
  const head = await readAt(file, handle, 0, Math.min(size, HEADER_BYTES));
  if (head.length < HEADER_BYTES) throw foreign(file);
  const long = (at: number): number => Number(head.readBigUInt64LE(at));
  const [levelAt, capacity, count, elementBytes, labelAt, vectorAt] = [0, 8, 16, 24, 32, 40].map(long);
  const [maxM, maxM0, m, efConstruction] = [56, 64, 72, 88].map(long);
  const dim = (labelAt - vectorAt) / 4;
  const isConsistent =
    levelAt === 0 &&
    Number.isInteger(dim) &&
    dim >= 1 &&
    count >= 1 &&
    capacity >= count &&
    m >= 1 &&
    maxM === m &&
    maxM0 === 2 * m &&
    vectorAt === 4 + 8 * m &&
    elementBytes === labelAt + 8 &&
    HEADER_BYTES + count * elementBytes <= size;
  if (!isConsistent) throw foreign(file);
  return { count, dim, m, efConstruction, elementBytes, labelAt, vectorAt };
}

async function readElements(file: string, handle: FileHandle, header: Header): Promise<HnswlibVectors> {
  const { count, dim, m, efConstruction, elementBytes, labelAt, vectorAt } = header;
  const labels = new BigInt64Array(count);
  const vectors = new Float32Array(count * dim);
  let rows = 0;
  for (let first = 0; first < count; first += BLOCK_ELEMENTS) {
    const elements = Math.min(BLOCK_ELEMENTS, count - first);
    const block = await readAt(file, handle, HEADER_BYTES + first * elementBytes, elements * elementBytes);
    for (let at = 0; at < block.length; at += elementBytes) {
      if ((block[at + MARKS_AT] & DELETED) !== 0) continue;
      labels[rows] = block.readBigInt64LE(at + labelAt);
      for (let d = 0; d < dim; d++) vectors[rows * dim + d] = block.readFloatLE(at + vectorAt + 4 * d);
      rows++;
    }
  }
  return { dim, m, efConstruction, labels: labels.subarray(0, rows), vectors: vectors.subarray(0, rows * dim) };
}

async function readAt(file: string, handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  if (bytesRead === length) return buffer;
  throw new ImportError(file, `${file} ends too early; copy it again.`);
}

function foreign(file: string): ImportError {
  return new ImportError(file, `${file} is not an index that hnswlib saved with float32 vectors; check the path.`);
}
