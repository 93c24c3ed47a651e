import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Rows of a tile for a matrix of so many rows. Products of 512 run at full speed, and inverting a tile on the host takes
 * a fraction of them; in a small matrix it would take most of the time, so that its tiles are smaller.
 */
export function tileRows(size: number): number {
  return size <= 2048 ? 128 : 512;
}

/** The tiles of a symmetric matrix on and below its diagonal: `tiles[i][j]` for j ≤ i, `[rows of i, rows of j]`. */
export type LowerTiles = tf.Tensor2D[][];

export interface InverseOptions {
  /** Told after each tile row. */
  readonly onProgress?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Replaces a symmetric positive definite matrix by minus its inverse, in place, by the sweep operator on tiles
 * (Goodnight 1979): for each pivot k, with D the inverse of A_kk,
 *
 *     A_ij ← A_ij − A_ik D A_kj,  A_ik ← A_ik D,  A_kk ← −D
 *
 * That takes n³/2 multiply-adds, all but a few in products of tiles, and never holds more than half of the matrix.
 *
 * @throws the signal's reason when it is aborted between two pivots
 */
export async function negateInverse(tiles: LowerTiles, { onProgress, signal }: InverseOptions = {}): Promise<void> {
  for (let pivot = 0; pivot < tiles.length; pivot++) {
    signal?.throwIfAborted();
    sweep(tiles, pivot);
    onProgress?.(pivot + 1);
    await setImmediate();
  }
}

function sweep(tiles: LowerTiles, k: number): void {
  const inverse = invertOnHost(tiles[k][k]);
  // A_kj, `[rows of k, rows of j]`, and D A_kj.
  const row = tiles.map((_, j) => {
    if (j === k) return undefined;
    return j < k ? tf.clone(tiles[k][j]) : tf.tidy(() => tf.transpose<tf.Tensor2D>(tiles[j][k]));
  });
  const scaled = row.map((tile) => tile && tf.tidy((): tf.Tensor2D => tf.matMul(inverse, tile)));
  const columns = scaled.map((tile) => tile && tf.tidy(() => tf.transpose<tf.Tensor2D>(tile)));
  for (let i = 0; i < tiles.length; i++) {
    for (let j = 0; j <= i; j++) {
      const [column, right] = [columns[i], row[j]];
      if (column && right) replace(tiles, i, j, (tile) => tf.sub(tile, tf.matMul(column, right)));
      else if (column) replace(tiles, i, j, () => tf.clone(column));
      else if (right) replace(tiles, i, j, () => tf.clone(scaled[j] ?? right));
      else replace(tiles, i, j, () => tf.neg(inverse));
    }
  }
  tf.dispose([inverse, row, scaled, columns].flat().filter((tensor) => tensor !== undefined));
}

function replace(tiles: LowerTiles, i: number, j: number, by: (tile: tf.Tensor2D) => tf.Tensor2D): void {
  const old = tiles[i][j];
  tiles[i][j] = tf.tidy(() => by(old));
  old.dispose();
}

/** The inverse of a small symmetric positive definite matrix, in double precision, one row after the other. */
export function invertOnHost(tile: tf.Tensor2D): tf.Tensor2D {
  const size = tile.shape[0];
  const values = Float64Array.from(tile.dataSync());
  const pivotRow = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const inverse = 1 / values[k * size + k];
    for (let j = 0; j < size; j++) pivotRow[j] = j < k ? values[k * size + j] : values[j * size + k];
    // On and below the diagonal alone.
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const factor = pivotRow[i] * inverse;
      if (factor === 0) continue;
      const start = i * size;
      for (let j = 0; j <= i; j++) values[start + j] -= factor * pivotRow[j];
    }
    for (let j = 0; j < k; j++) values[k * size + j] = pivotRow[j] * inverse;
    for (let i = k + 1; i < size; i++) values[i * size + k] = pivotRow[i] * inverse;
    values[k * size + k] = -inverse;
  }
  const inverse = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) inverse[i * size + j] = inverse[j * size + i] = -values[i * size + j];
  }
  return tf.tensor2d(inverse, [size, size]);
}
