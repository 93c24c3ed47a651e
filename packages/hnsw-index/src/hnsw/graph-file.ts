import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { IndexFileError } from '../errors';
import { elementBytes, offsetOfLabel, offsetOfVector, upperLayerBytes, type GraphShape } from './graph-layout';

/** What the head of an hnswlib file says of the graph. The space is not part of it. */
export interface GraphHeader extends GraphShape {
  readonly efConstruction: number;
  readonly entryPoint: number;
  readonly topLayer: number;
}

const HEADER_BYTES = 96;
const MAX_ELEMENTS = 2 ** 31 - 1;

/** hnswlib draws layers from an exponential distribution; more than this many can't come about. */
const MAX_LAYERS = 64;

/** Bytes read at a time while the upper layers are walked. */
const WINDOW_BYTES = 1 << 20;

/**
 * Reads the head of a file in hnswlib's format (its `saveIndex`, little-endian) and follows the sizes of all upper
 * layers to the end of the file.
 *
 * @param depth `elements` also checks every link count, link, label and value, for hnswlib's loader trusts each of them:
 * a link out of range is read outside of its memory. The engine checks them itself
 *
 * @throws IndexFileError where the file is not such a file, or ends too early or too late
 */
export async function inspectGraphFile(file: string, depth: 'sizes' | 'elements' = 'sizes'): Promise<GraphHeader> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = await readAt(handle, 0, Math.min(HEADER_BYTES, size));
    if (head.length < HEADER_BYTES) throw foreign(file);
    const header = parseHeader(file, head);
    const levels = await walkUpperLayers(file, handle, header, size);
    if (depth === 'elements') await checkGround(file, handle, header, levels);
    return header;
  } finally {
    await handle.close();
  }
}

function parseHeader(file: string, head: Buffer): GraphHeader {
  const long = (at: number): number => Number(head.readBigUInt64LE(at));
  const [levelOffset, capacity, count, perElement, labelOffset, vectorOffset] = [
    long(0),
    long(8),
    long(16),
    long(24),
    long(32),
    long(40),
  ];
  const topLayer = head.readInt32LE(48);
  const entryPoint = head.readUInt32LE(52);
  const [maxM, maxM0, m, efConstruction] = [long(56), long(64), long(72), long(88)];
  const dim = (labelOffset - vectorOffset) / 4;
  const isConsistent =
    levelOffset === 0 &&
    Number.isInteger(dim) &&
    dim >= 1 &&
    count >= 1 &&
    // Room is made for so many, whatever the file holds.
    capacity === count &&
    count <= MAX_ELEMENTS &&
    m >= 2 &&
    m <= 10_000 &&
    topLayer >= 0 &&
    topLayer <= MAX_LAYERS &&
    maxM === m &&
    maxM0 === 2 * m &&
    vectorOffset === offsetOfVector(m) &&
    labelOffset === offsetOfLabel({ dim, m }) &&
    perElement === elementBytes({ dim, m }) &&
    entryPoint < count;
  if (!isConsistent) throw foreign(file);
  return { count, dim, m, efConstruction, entryPoint, topLayer };
}

/**
 * After the ground layer comes, for each element, the size of its upper layers in bytes, then the layers. Links of these
 * are checked once all levels are known.
 * @returns the highest layer of each element
 */
async function walkUpperLayers(
  file: string,
  handle: FileHandle,
  header: GraphHeader,
  size: number,
): Promise<Uint8Array> {
  const start = HEADER_BYTES + header.count * elementBytes(header);
  // Each element takes four bytes more at least: no room is made for what the file can't hold.
  if (start + 4 * header.count > size) throw truncated(file);
  const layerBytes = upperLayerBytes(header.m);
  const levels = new Uint8Array(header.count);
  const links: { readonly element: number; readonly layer: number }[] = [];
  const reader = new WindowReader(handle, start, size);
  for (let element = 0; element < header.count; element++) {
    const head = await reader.take(4);
    if (head === undefined) throw truncated(file);
    const bytes = head.readUInt32LE(0);
    if (bytes % layerBytes !== 0 || bytes / layerBytes > header.topLayer) throw foreign(file);
    levels[element] = bytes / layerBytes;
    for (let layer = 1; layer <= levels[element]; layer++) {
      const list = await reader.take(layerBytes);
      if (list === undefined) throw truncated(file);
      for (const link of linksOf(file, list, header, header.m)) links.push({ element: link, layer });
    }
  }
  if (reader.position < size) throw foreign(file);
  if (levels[header.entryPoint] !== header.topLayer) throw foreign(file);
  if (links.some(({ element, layer }) => levels[element] < layer)) throw foreign(file);
  return levels;
}

/** Links and labels of the ground layer: each label once, from 0 up, as this project numbers rows. */
async function checkGround(file: string, handle: FileHandle, header: GraphHeader, levels: Uint8Array): Promise<void> {
  const bytes = elementBytes(header);
  const reader = new WindowReader(handle, HEADER_BYTES, HEADER_BYTES + header.count * bytes);
  const hasLabel = new Uint8Array(header.count);
  for (let element = 0; element < levels.length; element++) {
    const record = await reader.take(bytes);
    if (record === undefined) throw truncated(file);
    linksOf(file, record, header, 2 * header.m);
    const label = Number(record.readBigUInt64LE(offsetOfLabel(header)));
    if (label >= header.count || hasLabel[label] === 1) throw foreign(file);
    hasLabel[label] = 1;
    for (let d = 0, at = offsetOfVector(header.m); d < header.dim; d++, at += 4) {
      // All bits of the exponent: not finite.
      if ((record.readUInt32LE(at) & 0x7f800000) === 0x7f800000) throw foreign(file);
    }
  }
}

/** A link count, of which hnswlib reads 16 bits, and links. @param most that there is room for */
function linksOf(file: string, list: Buffer, { count }: GraphHeader, most: number): number[] {
  const length = list.readUInt16LE(0);
  if (length > most) throw foreign(file);
  const links = Array.from({ length }, (_, i) => list.readUInt32LE(4 + 4 * i));
  if (links.some((link) => link >= count)) throw foreign(file);
  return links;
}

/** Hands out a part of a file piece by piece, and reads it in large ones. */
class WindowReader {
  #window: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(
    private readonly handle: FileHandle,
    public position: number,
    private readonly end: number,
  ) {}

  /** @returns undefined where so much is not left; valid until the next call */
  async take(bytes: number): Promise<Buffer | undefined> {
    if (this.position + bytes > this.end) return undefined;
    if (this.#at + bytes > this.#window.length) {
      const length = Math.min(Math.max(WINDOW_BYTES, bytes), this.end - this.position);
      this.#window = await readAt(this.handle, this.position, length);
      this.#at = 0;
      if (this.#window.length < bytes) return undefined;
    }
    const piece = this.#window.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    this.position += bytes;
    return piece;
  }
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
