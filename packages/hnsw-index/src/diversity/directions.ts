/** The length that the direction of a vector has, but for rounding: the most that a byte with a sign holds. */
export const DIRECTION_LENGTH = 127;

/**
 * A vector scaled to the length 127 and rounded: what similarities of items are told by where a cosine to the second digit
 * is enough.
 *
 * @param vector `[dim]`
 * @returns `[dim]`, in [-127, 127]; zeros for a vector of no length
 */
export function directionOf(vector: Float32Array): Int8Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const factor = squares > 0 && Number.isFinite(squares) ? DIRECTION_LENGTH / Math.sqrt(squares) : 0;
  return Int8Array.from(vector, (value) => Math.round(value * factor));
}

/**
 * Writes the directions of several rows.
 *
 * @param vectorOf gives the vector of a row; zeros stand for one that it does not have
 * @param into `[rows, dim]`
 */
export async function writeDirections(
  rows: Int32Array,
  vectorOf: (row: number) => Promise<Float32Array | undefined>,
  into: Int8Array,
): Promise<void> {
  const dim = into.length / rows.length;
  into.fill(0);
  for (const [place, row] of rows.entries()) {
    const vector = await vectorOf(row);
    if (vector !== undefined) into.set(directionOf(vector), place * dim);
  }
}
