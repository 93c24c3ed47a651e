import { z } from 'zod';

/** The element types that are read and written, by their names in the format. */
export const elementTypes = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
} as const;

export type TensorValues = Float32Array | Float64Array | Int32Array;
export type ElementType = keyof typeof elementTypes;

/** A named array in a file. `values` is row-major of `shape`. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

/** The bytes before the header: its length as a little-endian 64-bit integer. */
export const LENGTH_BYTES = 8;

/** The limit of the format's reference reader. */
export const LONGEST_HEADER = 100_000_000;

/** The key of the header that holds free strings instead of a tensor. */
export const METADATA_KEY = '__metadata__';

const size = z.int().min(0);

/** What the header says of one tensor; the offsets count from the end of the header. */
export const entrySchema = z.object({
  dtype: z.enum(['F32', 'F64', 'I32']),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

export const headerSchema = z.record(z.string(), z.unknown());
export const metadataSchema = z.record(z.string(), z.string());

export type HeaderEntry = z.output<typeof entrySchema>;

export function elementTypeOf(values: TensorValues): ElementType {
  if (values instanceof Float32Array) return 'F32';
  return values instanceof Float64Array ? 'F64' : 'I32';
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
