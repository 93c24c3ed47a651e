import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { WeightFileError } from '../errors';
import {
  elementsOf,
  elementTypes,
  entrySchema,
  headerSchema,
  LENGTH_BYTES,
  LONGEST_HEADER,
  METADATA_KEY,
  metadataSchema,
  type HeaderEntry,
  type NamedTensor,
  type TensorValues,
} from './safetensors-header';

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/**
 * Reads a safetensors file of 32-bit and 64-bit floats and 32-bit integers. Each array is read straight into its own
 * memory. The header is checked against the size of the file before any of it is believed.
 *
 * @throws WeightFileError where the file is cut short, has bytes to spare or is not of this format
 */
export async function readSafetensors(file: string): Promise<SafetensorsContent> {
  const handle = await openExisting(file);
  try {
    const { size } = await handle.stat();
    const { metadata, entries, dataStart } = await readHeader(file, handle, size);
    const tensors = new Map<string, NamedTensor>();
    for (const [name, { dtype, shape, data_offsets: offsets }] of entries) {
      const values: TensorValues = new elementTypes[dtype](elementsOf(shape));
      await readInto(file, handle, bytesOf(values), dataStart + offsets[0]);
      tensors.set(name, { name, shape, values });
    }
    return { metadata, tensors };
  } finally {
    await handle.close();
  }
}

interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, HeaderEntry>;
  readonly dataStart: number;
}

async function readHeader(file: string, handle: FileHandle, fileSize: number): Promise<Header> {
  if (fileSize < LENGTH_BYTES) throw damaged(file, 'it is shorter than the length of its header');
  const lengthBytes = Buffer.alloc(LENGTH_BYTES);
  await readInto(file, handle, lengthBytes, 0);
  const headerLength = Number(lengthBytes.readBigUInt64LE());
  if (headerLength > LONGEST_HEADER || LENGTH_BYTES + headerLength > fileSize) {
    throw damaged(file, 'its header is longer than the file or than the format allows');
  }
  const bytes = Buffer.alloc(headerLength);
  await readInto(file, handle, bytes, LENGTH_BYTES);
  const { [METADATA_KEY]: metadata = {}, ...rest } = parse(file, headerSchema, parseJson(file, bytes));
  const entries = new Map(Object.entries(rest).map(([name, entry]) => [name, parse(file, entrySchema, entry)]));
  const dataStart = LENGTH_BYTES + headerLength;
  checkLayout(file, entries, fileSize - dataStart);
  return { metadata: parse(file, metadataSchema, metadata), entries, dataStart };
}

/** The arrays must fill the data without gaps or overlaps, each as long as its shape says. */
function checkLayout(file: string, entries: ReadonlyMap<string, HeaderEntry>, dataBytes: number): void {
  let expected = 0;
  const inOrder = [...entries].sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  for (const [name, { dtype, shape, data_offsets: offsets }] of inOrder) {
    const [start, end] = offsets;
    if (end - start !== elementsOf(shape) * elementTypes[dtype].BYTES_PER_ELEMENT) {
      throw damaged(file, `the bytes of ${name} do not fit its shape`);
    }
    if (start !== expected) throw damaged(file, `the array ${name} does not start where the one before it ends`);
    expected = end;
  }
  if (expected !== dataBytes) {
    throw damaged(file, `its arrays need ${expected} bytes and ${dataBytes} follow the header`);
  }
}

async function openExisting(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw new WeightFileError(file, `${file} can't be opened; check that it exists and may be read.`, { cause });
  }
}

function parseJson(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged(file, 'its header is not JSON', cause);
  }
}

function parse<Output>(file: string, schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw damaged(file, 'its header does not describe arrays of types this reader knows', result.error);
}

async function readInto(file: string, handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, LARGEST_READ);
    const { bytesRead } = await handle.read(bytes, done, length, position + done);
    if (bytesRead === 0) throw damaged(file, 'it ended while it was being read');
    done += bytesRead;
  }
}

/** Linux moves at most 2 GiB in one call. */
const LARGEST_READ = 2 ** 30;

function bytesOf(values: TensorValues): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function damaged(file: string, reason: string, cause?: unknown): WeightFileError {
  return new WeightFileError(
    file,
    `${file} is not a whole safetensors file: ${reason}; restore it or write it again.`,
    cause === undefined ? undefined : { cause },
  );
}
