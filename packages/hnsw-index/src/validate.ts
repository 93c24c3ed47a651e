import { setImmediate } from 'node:timers/promises';
import { types } from 'node:util';
import { IndexArgumentError } from './errors';
import type { RowBits, SearchOptions, Space } from './vector-index';

/** hnswlib counts dimensions and labels in 32 bits; labels are handed out as int32. */
const MAX_DIM = 65_536;
const MAX_ROWS = 2 ** 31 - 1;

/** Checked between two turns of the event loop: less than half a millisecond. */
const VALUES_PER_TURN = 2 ** 17;

const spaces: readonly string[] = ['cosine', 'ip', 'l2'] satisfies Space[];

export function checkSpace(space: string): void {
  if (!spaces.includes(space)) {
    throw new IndexArgumentError('space', `The space is '${space}', but it must be cosine, ip or l2.`);
  }
}

/**
 * Checks a matrix before it reaches native code, where a wrong value ends the process or spoils the graph.
 *
 * @param argument what it is called in messages
 * @param values `[rows, dim]`
 * @returns rows
 */
export function checkMatrix(argument: string, values: Float32Array, dim: number, space: Space): number {
  const rows = checkShape(argument, values, dim);
  for (let row = 0; row < rows; row++) checkRow(argument, values, row, dim, space);
  return rows;
}

/** The same of a large matrix, while the event loop turns. */
export async function checkMatrixInTurns(
  argument: string,
  values: Float32Array,
  dim: number,
  space: Space,
): Promise<number> {
  const rows = checkShape(argument, values, dim);
  const rowsPerTurn = Math.ceil(VALUES_PER_TURN / dim);
  for (let row = 0; row < rows; row++) {
    if (row % rowsPerTurn === 0) await setImmediate();
    checkRow(argument, values, row, dim, space);
  }
  return rows;
}

/** @returns rows */
function checkShape(argument: string, values: Float32Array, dim: number): number {
  if (!Number.isInteger(dim) || dim < 1 || dim > MAX_DIM) {
    throw new IndexArgumentError('dim', `dim is ${dim}, but it must be an integer from 1 to 65536.`);
  }
  // Callers in plain JavaScript may hand in an Array, whose holes and strings would pass the checks below. Not told by
  // the class, of which every realm has its own.
  if (!types.isFloat32Array(values)) {
    throw new IndexArgumentError(argument, `${argument} must be a Float32Array.`);
  }
  if (values.length === 0 || values.length % dim !== 0) {
    throw new IndexArgumentError(
      argument,
      `${argument} has ${values.length} values, but it must have one or more rows of ${dim}.`,
    );
  }
  const rows = values.length / dim;
  if (rows > MAX_ROWS) {
    throw new IndexArgumentError(argument, `${argument} has ${rows} rows, but an index holds at most ${MAX_ROWS}.`);
  }
  return rows;
}

function checkRow(argument: string, values: Float32Array, row: number, dim: number, space: Space): void {
  // The sum of squares of float32 values can't overflow a double, so it is finite exactly when all of them are.
  const squares = squaredNorm(values, row * dim, dim);
  if (!Number.isFinite(squares)) {
    throw new IndexArgumentError(
      argument,
      `${argument} holds a value that is not finite in row ${row}; remove the row or mend what made it.`,
    );
  }
  if (squares === 0 && space === 'cosine') {
    throw new IndexArgumentError(
      argument,
      `Row ${row} of ${argument} is the zero vector, which has no direction and so no cosine; remove it or use ip or l2.`,
    );
  }
}

/** @returns the squared Euclidean length of `values[start .. start + dim)` */
export function squaredNorm(values: Float32Array, start: number, dim: number): number {
  let sum = 0;
  for (let i = start; i < start + dim; i++) sum += values[i] * values[i];
  return sum;
}

/** Checks a query of `index.dim` values. */
export function checkQuery(query: Float32Array, dim: number, space: Space): void {
  const { length } = query;
  if (length !== dim) {
    throw new IndexArgumentError('query', `The query has ${length} values, but the index has ${dim} dimensions.`);
  }
  checkMatrix('query', query, dim, space);
}

export function checkSearch(k: number, options: SearchOptions | undefined): void {
  if (!Number.isInteger(k) || k < 1) {
    throw new IndexArgumentError('k', `k is ${k}, but it must be an integer of at least 1.`);
  }
  const ef = options?.efSearch;
  if (ef !== undefined) checkEf('efSearch', ef, 1);
}

export function checkEf(argument: string, ef: number, least: number): void {
  if (!Number.isInteger(ef) || ef < least || ef > 0xffff_ffff) {
    throw new IndexArgumentError(argument, `${argument} is ${ef}, but it must be an integer of at least ${least}.`);
  }
}

/** @throws IndexArgumentError where the set is of other rows than those of an index */
export function checkAllowed({ rowCount, words }: RowBits, size: number): void {
  if (rowCount === size && words.length * 32 >= size) return;
  throw new IndexArgumentError('allowed', `allowed is a set of ${rowCount} rows, but the index has ${size}.`);
}
