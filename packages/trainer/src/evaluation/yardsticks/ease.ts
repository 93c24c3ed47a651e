import * as tf from '@tensorflow/tfjs-core';
import type { Scorer } from '../scorer';
import type { EvaluationTask } from '../task';
import { CoOccurrences, interactionMatrix, type KnownEvents } from './interaction-matrix';
import { type InverseOptions, type LowerTiles, negateInverse, tileRows } from './symmetric-inverse';
import { TaskHistories } from './task-histories';

/**
 * Items at most, by the backend of tfjs: the time grows with their third power, and the weights take four bytes for each
 * pair of items, 1.6 GB for 20,000. What is not named here computes too slowly for more than a small shop.
 */
const MOST_ITEMS: Readonly<Record<string, number>> = { tensorflow: 20_000, wasm: 8_000 };
const MOST_ITEMS_ELSEWHERE = 2_000;

/** How many items EASE^R is computed for on the backend in use. */
export function mostItemsOfEase(): number {
  return MOST_ITEMS[tf.getBackend()] ?? MOST_ITEMS_ELSEWHERE;
}

/** A fitted EASE^R. */
export interface EaseWeights {
  readonly lambda: number;
  /** Item rows that it knows, ascending, `[known]`. */
  readonly items: Int32Array;
  /** B, `[known, known]`: how much having the item of the row speaks for the item of the column. */
  readonly values: Float32Array;
}

/**
 * EASE^R (Steck 2019, equation 8): with P = (XᵀX + λI)⁻¹ the weights are B_ij = −P_ij / P_jj, and zero on the diagonal.
 *
 * @param known the events it learns from, an item counted once for each user
 * @param items the item rows it is fitted to, ascending; others are ignored
 * @param lambda above 0
 */
export async function fitEase(
  known: KnownEvents,
  items: Int32Array,
  lambda: number,
  options: InverseOptions = {},
): Promise<EaseWeights> {
  const tiles = gramTiles(known, items, lambda);
  try {
    await negateInverse(tiles, options);
    return { lambda, items, values: weightsOf(tiles, items.length) };
  } finally {
    tf.dispose(tiles);
  }
}

/** XᵀX + λI of these items. */
function gramTiles(known: KnownEvents, items: Int32Array, lambda: number): LowerTiles {
  const coOccurrences = new CoOccurrences(interactionMatrix(known));
  const placeOf = new Int32Array(known.log.itemCount).fill(-1);
  items.forEach((item, place) => (placeOf[item] = place));
  const tiles: LowerTiles = [];
  const size = tileRows(items.length);
  for (let first = 0; first < items.length; first += size) {
    const rows = Math.min(size, items.length - first);
    const width = first + rows;
    const values = new Float32Array(rows * width);
    for (let n = 0; n < rows; n++) {
      const item = items[first + n];
      values[n * width + first + n] = coOccurrences.countOf(item) + lambda;
      coOccurrences.forEach(item, (other, users) => {
        const place = placeOf[other];
        if (place >= 0 && place < width) values[n * width + place] = users;
      });
    }
    const row = tf.tensor2d(values, [rows, width]);
    tiles.push(
      Array.from({ length: Math.ceil(width / size) }, (_, j) =>
        tf.tidy(() => tf.slice(row, [0, j * size], [rows, Math.min(size, width - j * size)])),
      ),
    );
    row.dispose();
  }
  return tiles;
}

/** B out of −P. The tiles are disposed one by one, so that there is no moment in which both are whole. */
function weightsOf(tiles: LowerTiles, size: number): Float32Array {
  const weights = new Float32Array(size * size);
  const diagonal = new Float32Array(size);
  const step = tileRows(size);
  tiles.forEach((row, i) => {
    row.forEach((tile, j) => {
      const values = tile.dataSync();
      const [rows, columns] = tile.shape;
      for (let a = 0; a < rows; a++) {
        const at = i * step + a;
        for (let b = 0; b < columns; b++) {
          const to = j * step + b;
          weights[at * size + to] = weights[to * size + at] = values[a * columns + b];
        }
      }
      tile.dispose();
    });
  });
  for (let n = 0; n < size; n++) diagonal[n] = -weights[n * size + n];
  for (let row = 0; row < size; row++) {
    const start = row * size;
    for (let n = 0; n < size; n++) weights[start + n] /= diagonal[n];
    weights[start + row] = 0;
  }
  return weights;
}

/** Scores an item by the sum of the weights of what the user has; items that were not fitted score 0. */
export function easeScorer(task: EvaluationTask, { items, values }: EaseWeights): Scorer {
  const histories = new TaskHistories(task);
  const placeOf = new Int32Array(task.log.itemCount).fill(-1);
  items.forEach((item, place) => (placeOf[item] = place));
  let places = new Int32Array(0);
  let isWhole = false;
  return {
    name: 'EASE^R',
    prepare(columns) {
      places = columns.map((item) => placeOf[item]);
      isWhole = places.length === items.length && places.every((place, column) => place === column);
    },
    score(users, columns, out) {
      const rows: number[][] = Array.from(users, () => []);
      for (const [item, owners] of histories.byItem(users)) {
        if (placeOf[item] >= 0) for (const owner of owners) rows[owner].push(placeOf[item]);
      }
      out.fill(0, 0, users.length * columns.length);
      rows.forEach((ofUser, user) => {
        const start = user * columns.length;
        for (const row of ofUser) {
          const base = row * items.length;
          if (isWhole) for (let n = 0; n < places.length; n++) out[start + n] += values[base + n];
          else for (let n = 0; n < places.length; n++) if (places[n] >= 0) out[start + n] += values[base + places[n]];
        }
      });
    },
  };
}
