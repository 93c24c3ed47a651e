import { ArtifactFileError } from '../errors';
import { bytesPerElement, elementCount, type NpyType } from './npy-format';
import { openNpy, readInto, readNpy, valuesOf, type NpyArray } from './read-npy';

/** Values converted at a time, so that a file of float64 is never in memory beside what comes of it. */
const BLOCK = 1 << 20;

/**
 * Reads a .npy file of float32, or of float64 or float16, which become float32. What is too large for float32 becomes
 * infinite.
 *
 * @throws ArtifactFileError where it is missing, of another type, or shorter or longer than its shape
 */
export async function readFloats(file: string): Promise<NpyArray<'float32'>> {
  const { handle, header, start } = await openNpy(file, ['float32', 'float64', 'float16']);
  try {
    const { type, shape } = header;
    const values = new Float32Array(elementCount(shape));
    const width = bytesPerElement(type);
    for (let first = 0; first < values.length; first += BLOCK) {
      const bytes = new ArrayBuffer(Math.min(BLOCK, values.length - first) * width);
      await readInto(file, handle, new Uint8Array(bytes), start + first * width);
      values.set(floatsOf(type, bytes), first);
    }
    return { shape, values };
  } finally {
    await handle.close();
  }
}

function floatsOf(type: NpyType, bytes: ArrayBuffer): ArrayLike<number> {
  if (type === 'float16') return Float32Array.from(valuesOf(type, bytes), fromHalf);
  return type === 'float64' ? valuesOf(type, bytes) : new Float32Array(bytes);
}

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Reads a .npy file of int32 or int64.
 *
 * @throws ArtifactFileError as {@link readFloats}, and where a value is beyond 2^53 - 1, which a double can't hold
 */
export async function readIntegers(file: string): Promise<{ shape: readonly number[]; values: Float64Array }> {
  const { handle, header } = await openNpy(file, ['int64', 'int32']);
  await handle.close();
  if (header.type === 'int32') {
    const { shape, values } = await readNpy(file, 'int32');
    return { shape, values: Float64Array.from(values) };
  }
  const { shape, values } = await readNpy(file, 'int64');
  return { shape, values: Float64Array.from(values, (value, row) => safe(file, value, row)) };
}

function safe(file: string, value: bigint, row: number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new ArtifactFileError(
    file,
    'foreign',
    `${file} holds ${value} in row ${row}, but integers must be within 2^53 - 1; write larger ones as text.`,
  );
}
