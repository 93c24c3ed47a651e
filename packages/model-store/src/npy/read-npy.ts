import { open, type FileHandle } from 'node:fs/promises';
import { ArtifactFileError, unreadable } from '../errors';
import {
  bytesPerElement,
  elementCount,
  locateDict,
  MOST_HEADER_BYTES,
  npyTypes,
  parseDict,
  PREFIX_BYTES,
  type NpyArrays,
  type NpyHeader,
  type NpyType,
} from './npy-format';

/** Bytes per read call; the system call takes at most 2 GB. */
const READ_BYTES = 1 << 26;

export interface NpyArray<T extends NpyType> {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: NpyArrays[T];
}

const arrays: { readonly [T in NpyType]: (buffer: ArrayBuffer) => NpyArrays[T] } = {
  float16: (buffer) => new Uint16Array(buffer),
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
};

/** @param bytes a whole number of values */
export function valuesOf<T extends NpyType>(type: T, bytes: ArrayBuffer): NpyArrays[T] {
  return arrays[type](bytes);
}

/**
 * Reads a .npy file of one type.
 *
 * @throws ArtifactFileError where it is missing, of another type, or shorter or longer than its shape
 */
export async function readNpy<T extends NpyType>(file: string, type: T): Promise<NpyArray<T>> {
  const { handle, header, start } = await openNpy(file, [type]);
  try {
    const buffer = new ArrayBuffer(elementCount(header.shape) * bytesPerElement(type));
    await readInto(file, handle, new Uint8Array(buffer), start);
    return { shape: header.shape, values: valuesOf(type, buffer) };
  } finally {
    await handle.close();
  }
}

/** A .npy file whose head and size were checked. The values begin at `start`; whoever opens it closes the handle. */
export interface OpenNpy {
  readonly handle: FileHandle;
  readonly header: NpyHeader;
  readonly start: number;
}

/**
 * @param types those that are taken
 * @throws ArtifactFileError as {@link readNpy}
 */
export async function openNpy(file: string, types: readonly NpyType[]): Promise<OpenNpy> {
  const handle = await openFile(file);
  try {
    const { header, start } = await readHeader(file, handle);
    if (!types.includes(header.type)) {
      const wanted = listed(types);
      throw new ArtifactFileError(
        file,
        'foreign',
        `${file} holds ${header.type} instead of ${wanted}; write it again.`,
      );
    }
    const end = start + elementCount(header.shape) * bytesPerElement(header.type);
    const { size } = await handle.stat();
    if (size !== end) {
      throw new ArtifactFileError(
        file,
        size < end ? 'truncated' : 'damaged',
        `${file} has ${size} bytes, but its shape [${header.shape.join(', ')}] takes ${end}; copy it again.`,
      );
    }
    return { handle, header, start };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function readHeader(file: string, handle: FileHandle): Promise<{ header: NpyHeader; start: number }> {
  const { size } = await handle.stat();
  const prefix = Buffer.alloc(Math.min(PREFIX_BYTES, size));
  await readInto(file, handle, prefix, 0);
  const place = locateDict(prefix);
  if (place !== undefined && place.end - place.start > MOST_HEADER_BYTES) {
    throw new ArtifactFileError(
      file,
      'foreign',
      `${file} has a header of ${place.end - place.start} bytes, but at most ${MOST_HEADER_BYTES} are read; write it again.`,
    );
  }
  if (place !== undefined && place.end <= size) {
    const dict = Buffer.alloc(place.end - place.start);
    await readInto(file, handle, dict, place.start);
    const header = parseDict(dict.toString('latin1'));
    if (header !== undefined) return { header, start: place.end };
  }
  throw new ArtifactFileError(
    file,
    'foreign',
    `${file} is not a .npy file of little-endian ${listed(npyTypes)} in C order; write it again.`,
  );
}

function listed(types: readonly NpyType[]): string {
  return types.length === 1 ? types[0] : `${types.slice(0, -1).join(', ')} or ${types[types.length - 1]}`;
}

/** Fills `target` from a place in the file. */
export async function readInto(file: string, handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const length = Math.min(READ_BYTES, target.length - done);
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) throw new ArtifactFileError(file, 'truncated', `${file} ends too early; copy it again.`);
    done += bytesRead;
  }
}
