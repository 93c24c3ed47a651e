/**
 * The head of a .npy file (NumPy Enhancement Proposal 1): magic, version, length of the header, and a Python dict that
 * gives the type, the order and the shape.
 */
export interface NpyArrays {
  /** As bits: Node has no array of them. */
  readonly float16: Uint16Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
}

export type NpyType = keyof NpyArrays;

export interface NpyHeader {
  readonly type: NpyType;
  readonly shape: readonly number[];
}

const MAGIC = '\x93NUMPY';
const codes = {
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  int32: '<i4',
  int64: '<i8',
} as const satisfies Record<NpyType, string>;

export const npyTypes = Object.keys(codes) as readonly NpyType[];

/** NumPy aligns the values to this, so that a file can be mapped into memory. */
const ALIGNMENT = 64;

/** NumPy reads no longer dicts either: what is read by whoever opens a file must not be for the file to choose. */
export const MOST_HEADER_BYTES = 10_000;

/** Bytes before the dict: magic, two of version, and two (version 1) or four (version 2) of its length. */
export const PREFIX_BYTES = 12;

export function bytesPerElement(type: NpyType): number {
  return Number(codes[type][2]);
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function encodeHeader({ type, shape }: NpyHeader): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${codes[type]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const fixed = MAGIC.length + 2 + 2;
  const length = Math.ceil((fixed + dict.length + 1) / ALIGNMENT) * ALIGNMENT - fixed;
  const head = Buffer.alloc(fixed + length, ' ');
  head.write(MAGIC, 'latin1');
  head.writeUInt8(1, 6);
  head.writeUInt8(0, 7);
  head.writeUInt16LE(length, 8);
  head.write(dict, fixed, 'latin1');
  head.write('\n', fixed + length - 1);
  return head;
}

/**
 * @param prefix the first {@link PREFIX_BYTES} bytes, or fewer where the file is shorter
 * @returns where the dict lies, or `undefined` where this is not a .npy file of version 1 or 2
 */
export function locateDict(prefix: Buffer): { readonly start: number; readonly end: number } | undefined {
  if (prefix.length < PREFIX_BYTES || prefix.toString('latin1', 0, 6) !== MAGIC) return undefined;
  const version = prefix.readUInt8(6);
  if (version === 1) return { start: 10, end: 10 + prefix.readUInt16LE(8) };
  if (version === 2) return { start: 12, end: 12 + prefix.readUInt32LE(8) };
  return undefined;
}

/** @returns `undefined` where the values are not of a type that is known here, little-endian, in C order */
export function parseDict(dict: string): NpyHeader | undefined {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(dict)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(dict)?.[1];
  const tuple = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(dict)?.[1];
  const type = npyTypes.find((name) => codes[name] === descr);
  if (type === undefined || order !== 'False' || tuple === undefined) return undefined;
  const shape = tuple
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  return shape.every((length) => Number.isSafeInteger(length)) ? { type, shape } : undefined;
}
