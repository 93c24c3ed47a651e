import type { RowLists } from '../embedding/block';
import { weightOf, type StoredTowers } from '../persistence/tower-file';
import { DenseLayer } from './dense-layer';
import type { ItemTable, ServingHistory } from './history';
import { loadProjection } from './layers';
import { DoubleScratch, type Columns } from './matrix';

/**
 * Attention pooling with a learned query: with items h_l, newest first, u_l = tanh(K·h_l + p_l), α = softmax(q·u_l), and
 * the sum of α_l·h_l is projected. An empty history is the zero vector.
 */
export class AttentionHistory implements ServingHistory {
  readonly width: number;
  readonly #length: number;
  readonly #key: DenseLayer;
  /** `[length, dim]`, the newest item first. */
  readonly #positions: Float32Array;
  /** `[dim]` */
  readonly #query: Float32Array;
  readonly #projection: DenseLayer;
  readonly #items = new DoubleScratch();
  readonly #keys = new DoubleScratch();
  readonly #pooled = new DoubleScratch();
  readonly #scores: Float64Array;

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly table: ItemTable,
  ) {
    const { dim } = table;
    const { historyDim, historyLength } = towers.config;
    this.width = historyDim;
    this.#length = historyLength;
    const key = weightOf(towers, `${name}.attention.key`, [dim, dim]);
    this.#key = new DenseLayer(key, new Float32Array(dim), dim, dim, false);
    this.#positions = weightOf(towers, `${name}.attention.positions`, [historyLength * dim]);
    this.#query = weightOf(towers, `${name}.attention.query`, [dim, 1]);
    this.#projection = loadProjection(towers, name, dim, historyDim);
    this.#scores = new Float64Array(historyLength);
  }

  encode({ offsets, rows }: RowLists, out: Columns): void {
    const { dim } = this.table;
    const batch = offsets.length - 1;
    const items = this.#lookUp(rows);
    const keys = this.#keys.take(rows.length * dim);
    const whole = { stride: dim, offset: 0 };
    this.#key.forward({ values: items, ...whole }, { values: keys, ...whole }, rows.length);
    const pooled = this.#pooled.take(batch * dim).fill(0, 0, batch * dim);
    for (let user = 0; user < batch; user++) {
      const end = offsets[user + 1];
      const start = Math.max(offsets[user], end - this.#length);
      const total = this.#weigh(keys, start, end);
      for (let entry = start; entry < end; entry++) {
        const share = this.#scores[end - 1 - entry] / total;
        for (let i = 0; i < dim; i++) pooled[user * dim + i] += share * items[entry * dim + i];
      }
    }
    this.#projection.forward({ values: pooled, ...whole }, out, batch);
  }

  /** @returns `[rows, dim]` */
  #lookUp(rows: Int32Array): Float64Array {
    const { values, dim } = this.table;
    const items = this.#items.take(rows.length * dim);
    for (let entry = 0; entry < rows.length; entry++) {
      const from = rows[entry] * dim;
      for (let i = 0; i < dim; i++) items[entry * dim + i] = values[from + i];
    }
    return items;
  }

  /**
   * Fills the scores of entries [start, end) by age, as e to the power of their distance from the largest one.
   * @returns their sum
   */
  #weigh(keys: Float64Array, start: number, end: number): number {
    const { dim } = this.table;
    const scores = this.#scores;
    const query = this.#query;
    let largest = -Infinity;
    for (let entry = start; entry < end; entry++) {
      const age = end - 1 - entry;
      let score = 0;
      for (let i = 0; i < dim; i++) {
        score += query[i] * Math.tanh(keys[entry * dim + i] + this.#positions[age * dim + i]);
      }
      scores[age] = score;
      if (score > largest) largest = score;
    }
    let total = 0;
    for (let age = 0; age < end - start; age++) {
      scores[age] = Math.exp(scores[age] - largest);
      total += scores[age];
    }
    return total;
  }
}
