import type { FileHandle } from 'node:fs/promises';
import { ArtifactFileError } from '../errors';
import { openNpy, readInto } from './read-npy';

/** Rows of a float32 matrix that stays on the disk, for those who need one now and then. */
export class NpyRows {
  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly start: number,
    /** `[rows, width]` */
    readonly shape: readonly [rows: number, width: number],
  ) {}

  /** @throws ArtifactFileError as {@link readNpy}, and where the file does not hold a matrix */
  static async open(file: string): Promise<NpyRows> {
    const { handle, header, start } = await openNpy(file, ['float32']);
    const [rows, width, ...more] = header.shape;
    if (header.shape.length >= 2 && more.length === 0) return new NpyRows(file, handle, start, [rows, width]);
    await handle.close();
    throw new ArtifactFileError(
      file,
      'foreign',
      `${file} has the shape [${header.shape.join(', ')}] instead of rows and columns; write it again.`,
    );
  }

  /**
   * The file stays open until {@link close}, so rows can be read even after it was deleted.
   *
   * @param row in [0, rows)
   * @returns `[width]`
   */
  async read(row: number): Promise<Float32Array> {
    const values = new Float32Array(this.shape[1]);
    await this.readBlock(row, values);
    return values;
  }

  /**
   * Reads rows that follow one another.
   *
   * @param first in [0, rows)
   * @param into `[count, width]`, written: the rows `first .. first + count`, all of them in the file
   */
  async readBlock(first: number, into: Float32Array): Promise<void> {
    const [rows, width] = this.shape;
    const count = into.length / width;
    if (!Number.isInteger(first) || first < 0 || first >= rows) {
      throw new RangeError(`Row ${first} is outside [0, ${rows}).`);
    }
    if (!Number.isInteger(count) || first + count > rows) {
      throw new RangeError(`There are no ${count} rows of ${width} values from row ${first} on; the file has ${rows}.`);
    }
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    await readInto(this.file, this.handle, bytes, this.start + first * width * into.BYTES_PER_ELEMENT);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
