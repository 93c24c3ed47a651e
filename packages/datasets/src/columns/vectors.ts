import type { Vocabulary } from '../dataset';
import type { VectorsField } from '../fields';

/** Vectors as they were read, with the ids that they are of. */
export interface VectorColumn {
  readonly name: string;
  /** For messages. */
  readonly file: string;
  /** Integers may be written as text. */
  readonly ids: readonly (number | string)[];
  readonly width: number;
  /** `[ids, width]`, finite */
  readonly values: Float32Array;
}

/**
 * The vectors of the rows of a vocabulary, moved to a mean of zero and divided by one number, the deviation of all their
 * entries, which keeps their angles and distances. A row without a vector gets zeros, the mean; one given twice the last.
 *
 * @param notes gets a sentence where vectors and rows do not match
 * @returns `undefined` when no row has a vector
 */
export function vectorsField(column: VectorColumn, vocabulary: Vocabulary, notes: string[]): VectorsField | undefined {
  const { name, file, width } = column;
  const place = new Int32Array(vocabulary.size).fill(-1);
  let foreign = 0;
  for (const [at, id] of column.ids.entries()) {
    const row = rowOf(vocabulary, id);
    if (row === undefined) foreign++;
    else place[row] = at;
  }
  const missing = place.filter((at) => at < 0).length;
  if (missing === place.length) {
    notes.push(`None of the ids of ${file} occurs in the data; its vectors are not used.`);
    return undefined;
  }
  if (foreign > 0) notes.push(`${foreign} vectors of ${file} are of ids that occur nowhere else; they are not used.`);
  if (missing > 0) notes.push(`${missing} of ${place.length} rows have no vector in ${file}; they get the mean.`);
  const values = new Float32Array(place.length * width);
  for (const [row, at] of place.entries()) {
    if (at >= 0) values.set(column.values.subarray(at * width, (at + 1) * width), row * width);
  }
  const { mean, scale } = momentsOf(values, width, place);
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor(i / width);
    values[i] = place[row] < 0 ? 0 : (values[i] - mean[i % width]) / scale;
  }
  const standardisation = { mean: Array.from(mean), scale: Array.from(mean, () => scale) };
  return { kind: 'vectors', name, width, values, standardisation };
}

/** Text files do not say whether `17` is a number; the vocabulary knows. */
function rowOf(vocabulary: Vocabulary, id: number | string): number | undefined {
  if (vocabulary.kind === 'string') return vocabulary.rowOf(String(id));
  return vocabulary.rowOf(typeof id === 'string' && /^-?\d+$/.test(id) ? Number(id) : id);
}

/** The mean of each column and the deviation of all entries from it, over the rows that have a vector. */
function momentsOf(values: Float32Array, width: number, place: Int32Array): { mean: Float64Array; scale: number } {
  const rows = place.filter((at) => at >= 0).length;
  const mean = new Float64Array(width);
  for (let i = 0; i < values.length; i++) mean[i % width] += values[i] / rows;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if (place[Math.floor(i / width)] >= 0) squares += (values[i] - mean[i % width]) ** 2;
  }
  const deviation = Math.sqrt(squares / (rows * width));
  return { mean, scale: deviation > 0 ? deviation : 1 };
}
