import { hostKernels, type HostKernels } from '../native/host-kernels';

/**
 * Loops over the columns of row-major matrices on the host. Where the backend is WASM they beat its own kernels, which
 * transpose for a sum over the first axis and repack for a product. They run natively where the addon is there, on all
 * threads and with the same bits.
 */

/** @returns the sum of each column of x `[rows, columns]`, in double precision */
export function sumColumns(
  x: Float32Array,
  columns: number,
  native: HostKernels | null | undefined = hostKernels(),
): Float64Array {
  const sums = new Float64Array(columns);
  if (native) native.sumColumns(x, sums);
  else addColumns(x, columns, sums);
  return sums;
}

function addColumns(x: Float32Array, columns: number, sums: Float64Array): void {
  const end = x.length;
  let a = 0;
  // Four rows at a time read and write the sums a quarter as often.
  for (; a + 4 * columns <= end; a += 4 * columns) {
    const b = a + columns;
    const c = b + columns;
    const d = c + columns;
    for (let i = 0; i < columns; i++) sums[i] += x[a + i] + x[b + i] + (x[c + i] + x[d + i]);
  }
  for (; a < end; a += columns) {
    for (let i = 0; i < columns; i++) sums[i] += x[a + i];
  }
}

/** @returns the sum of squared distances of each column of x `[rows, columns]` to its centre `[columns]` */
export function sumSquaredDeviations(
  x: Float32Array,
  centre: Float64Array,
  native: HostKernels | null | undefined = hostKernels(),
): Float64Array {
  const columns = centre.length;
  const sums = new Float64Array(columns);
  if (native) {
    native.sumSquaredDeviations(x, centre, sums);
    return sums;
  }
  for (let row = 0; row < x.length; row += columns) {
    for (let i = 0; i < columns; i++) {
      const deviation = x[row + i] - centre[i];
      sums[i] += deviation * deviation;
    }
  }
  return sums;
}

/** @returns the sum over rows of y·(x − centre) for each column; x and y `[rows, columns]`, centre `[columns]` */
export function sumOfProducts(
  y: Float32Array,
  x: Float32Array,
  centre: Float64Array,
  native: HostKernels | null | undefined = hostKernels(),
): Float64Array {
  const columns = centre.length;
  const sums = new Float64Array(columns);
  if (native) {
    native.sumOfProducts(y, x, centre, sums);
    return sums;
  }
  for (let row = 0; row < x.length; row += columns) {
    for (let i = 0; i < columns; i++) sums[i] += y[row + i] * (x[row + i] - centre[i]);
  }
  return sums;
}

/** Rows that are turned together: their pieces of a column fill a cache line, and all of them fit into the first cache. */
const BLOCK = 16;

/** @returns the transpose `[columns, rows]` of x `[rows, columns]` */
export function transposeMatrix(
  x: Float32Array,
  rows: number,
  columns: number,
  native: HostKernels | null | undefined = hostKernels(),
): Float32Array {
  const turned = new Float32Array(x.length);
  if (native) {
    native.transpose(x, columns, turned);
    return turned;
  }
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK);
    for (let column = 0; column < columns; column++) {
      const target = column * rows;
      for (let row = start; row < end; row++) turned[target + row] = x[row * columns + column];
    }
  }
  return turned;
}
