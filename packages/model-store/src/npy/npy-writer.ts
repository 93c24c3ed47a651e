import { open, type FileHandle } from 'node:fs/promises';
import { usingFile } from '@vector-recall/core-config/files';
import { elementCount, encodeHeader, type NpyType } from './npy-format';

/** Bytes per write call; the system call takes at most 2 GB. */
const WRITE_BYTES = 1 << 26;

export type WritableArray = Float32Array | Float64Array | Int32Array | BigInt64Array;

/** Writes an array whose shape is known block by block, so that it never has to be in memory whole. */
export class NpyWriter {
  #written = 0;

  private constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
    private readonly type: NpyType,
    private readonly expected: number,
  ) {}

  /**
   * @param shape C order: the last index runs fastest
   * @throws FileError
   */
  static async create(file: string, type: NpyType, shape: readonly number[]): Promise<NpyWriter> {
    if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
      throw new RangeError(`The shape [${shape.join(', ')}] of ${file} must be of integers of at least 0.`);
    }
    return usingFile(file, 'written', async () => {
      const handle = await open(file, 'w');
      try {
        await handle.writeFile(encodeHeader({ type, shape }));
      } catch (error) {
        await handle.close();
        throw error;
      }
      return new NpyWriter(handle, file, type, elementCount(shape));
    });
  }

  /** @throws FileError, RangeError where the block is of another type, or passes the shape */
  async write(block: WritableArray): Promise<void> {
    const type = typeOf(block);
    if (type !== this.type) throw new RangeError(`${this.file} holds ${this.type}, so it cannot take ${type}.`);
    this.#written += block.length;
    if (this.#written > this.expected) {
      throw new RangeError(`${this.file} is declared for ${this.expected} values and was given ${this.#written}.`);
    }
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    await usingFile(this.file, 'written', async () => {
      for (let start = 0; start < bytes.length; start += WRITE_BYTES) {
        await this.handle.writeFile(bytes.subarray(start, start + WRITE_BYTES));
      }
    });
  }

  /** @throws RangeError where values are still missing */
  async close(): Promise<void> {
    await this.handle.close();
    if (this.#written < this.expected) {
      throw new RangeError(`${this.file} is declared for ${this.expected} values and was given ${this.#written}.`);
    }
  }
}

/**
 * Writes an array as a .npy file, which `numpy.load` reads.
 * @param shape C order; one dimension when it is left out
 */
export async function writeNpy(
  file: string,
  values: WritableArray,
  shape: readonly number[] = [values.length],
): Promise<void> {
  const writer = await NpyWriter.create(file, typeOf(values), shape);
  try {
    await writer.write(values);
  } finally {
    await writer.close();
  }
}

/** By tag, not by class: every realm has classes of its own. */
const tags = { Float32Array: 'float32', Float64Array: 'float64', Int32Array: 'int32', BigInt64Array: 'int64' } as const;

function typeOf(values: WritableArray): NpyType {
  return tags[values[Symbol.toStringTag]];
}
