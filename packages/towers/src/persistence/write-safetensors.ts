import { open, type FileHandle } from 'node:fs/promises';
import { WeightFileError } from '../errors';
import {
  elementsOf,
  elementTypeOf,
  LENGTH_BYTES,
  METADATA_KEY,
  type HeaderEntry,
  type NamedTensor,
} from './safetensors-header';

/**
 * Writes arrays in the safetensors format, straight from their own memory: nothing is copied, however large a table is.
 * The file is written in place; whoever needs all or nothing writes to a temporary name and renames.
 *
 * @param metadata strings kept beside the arrays
 * @throws WeightFileError where a shape does not fit its values or a name is taken twice
 */
export async function writeSafetensors(
  file: string,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header = encodeHeader(file, tensors, metadata);
  const handle = await open(file, 'w');
  try {
    await writeAll(handle, header);
    for (const { values } of tensors) {
      await writeAll(handle, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  } finally {
    await handle.close();
  }
}

function encodeHeader(
  file: string,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = new Map<string, HeaderEntry | Readonly<Record<string, string>>>([[METADATA_KEY, metadata]]);
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    if (entries.has(name))
      throw new WeightFileError(file, `Two arrays are named ${name}; give each a name of its own.`);
    if (elementsOf(shape) !== values.length) {
      throw new WeightFileError(file, `${name} has ${values.length} values, which do not fill [${shape.join(', ')}].`);
    }
    const end = offset + values.byteLength;
    entries.set(name, { dtype: elementTypeOf(values), shape: [...shape], data_offsets: [offset, end] });
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  // Spaces up to a multiple of eight keep the data aligned for readers that map the file.
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(LENGTH_BYTES + padded, ' ');
  bytes.writeBigUInt64LE(BigInt(padded));
  json.copy(bytes, LENGTH_BYTES);
  return bytes;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, start, Math.min(bytes.length - start, LARGEST_WRITE));
    start += bytesWritten;
  }
}

/** Linux moves at most 2 GiB in one call. */
const LARGEST_WRITE = 2 ** 30;
