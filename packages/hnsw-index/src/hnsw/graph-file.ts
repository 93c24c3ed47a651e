import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { IndexFileError } from '../errors';
import { elementBytes, offsetOfLabel, offsetOfVector, upperLayerBytes, type GraphShape } from './graph-layout';

/** What the head of an hnswlib file says of the graph. The space is not part of it. */
export interface GraphHeader extends GraphShape {
  readonly efConstruction: number;
}

const HEADER_BYTES = 96;

/** Bytes read at a time while the upper layers are walked. */
const WINDOW_BYTES = 1 << 20;

/**
 * Reads the head of a file in hnswlib's format (its `saveIndex`, little-endian) and follows the sizes of all upper
 * layers to the end of the file, so that native code never reads past it.
 *
 * @throws IndexFileError where the file is not such a file, or ends too early or too late
 */
export async function inspectGraphFile(file: string): Promise<GraphHeader> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = await readAt(handle, 0, Math.min(HEADER_BYTES, size));
    if (head.length < HEADER_BYTES) throw foreign(file);
    const header = parseHeader(file, head);
    await walkUpperLayers(file, handle, header, size);
    return header;
  } finally {
    await handle.close();
  }
}

function parseHeader(file: string, head: Buffer): GraphHeader {
  const long = (at: number): number => Number(head.readBigUInt64LE(at));
  const [levelOffset, count, perElement, labelOffset, vectorOffset] = [long(0), long(16), long(24), long(32), long(40)];
  const entryPoint = head.readUInt32LE(52);
  const [maxM, maxM0, m, efConstruction] = [long(56), long(64), long(72), long(88)];
  const dim = (labelOffset - vectorOffset) / 4;
  const isConsistent =
    levelOffset === 0 &&
    Number.isInteger(dim) &&
    dim >= 1 &&
    maxM === m &&
    maxM0 === 2 * m &&
    vectorOffset === offsetOfVector(m) &&
    labelOffset === offsetOfLabel({ dim, m }) &&
    perElement === elementBytes({ dim, m }) &&
    entryPoint < count;
  if (!isConsistent) throw foreign(file);
  return { count, dim, m, efConstruction };
}

/** After the ground layer comes, for each element, the size of its upper layers in bytes, then the layers. */
async function walkUpperLayers(file: string, handle: FileHandle, header: GraphHeader, size: number): Promise<void> {
  let position = HEADER_BYTES + header.count * elementBytes(header);
  if (position > size) throw truncated(file);
  const layerBytes = upperLayerBytes(header.m);
  let window: Buffer = Buffer.alloc(0);
  let windowStart = position;
  for (let element = 0; element < header.count; element++) {
    if (position + 4 > windowStart + window.length) {
      window = await readAt(handle, position, Math.min(WINDOW_BYTES, Math.max(0, size - position)));
      windowStart = position;
      if (window.length < 4) throw truncated(file);
    }
    const bytes = window.readUInt32LE(position - windowStart);
    if (bytes % layerBytes !== 0) throw foreign(file);
    position += 4 + bytes;
  }
  if (position > size) throw truncated(file);
  if (position < size) throw foreign(file);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** @returns SHA-256 of a file in hex; reads it in pieces */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  const pieces: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: WINDOW_BYTES });
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

function foreign(file: string): IndexFileError {
  return new IndexFileError(file, 'foreign', `${file} is not an hnswlib graph; build the index again.`);
}

function truncated(file: string): IndexFileError {
  return new IndexFileError(file, 'truncated', `${file} ends before its last element; copy or build it again.`);
}
