import type { RowLists } from '../embedding/block';
import { LAYER_NORM_EPSILON } from '../ops/epsilons';
import { weightOf, type StoredTowers } from '../persistence/tower-file';
import { DenseLayer } from './dense-layer';
import type { ItemTable } from './history';
import { DoubleScratch, type Columns } from './matrix';

/**
 * One transformer block at its last position, as {@link TransformerBlock} of the model: with x_l = √d·h_l + p_l, newest
 * first, α = softmax_l(x_0·Q·x_l / √d), y = LN(x_0 + Σ α_l·x_l·V) and z = γ·LN(y + FFN(y)).
 */
export class TransformerBlock {
  /** `[length, dim]`, the newest item first. */
  readonly #positions: Float32Array;
  readonly #query: DenseLayer;
  readonly #value: DenseLayer;
  readonly #inner: DenseLayer;
  readonly #outer: DenseLayer;
  /** `[dim]` */
  readonly #gain: Float32Array;
  readonly #scores: Float64Array;
  readonly #scratch = Array.from({ length: 5 }, () => new DoubleScratch());
  /** `[length, dim]`: the items of one user as the block reads them. */
  readonly #items: Float64Array;

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly table: ItemTable,
  ) {
    const { dim } = table;
    const { historyLength } = towers.config;
    this.#positions = weightOf(towers, `${name}.positions`, [historyLength, dim]);
    const matrix = (part: string): Float32Array => weightOf(towers, `${name}.${part}`, [dim, dim]);
    const vector = (part: string): Float32Array => weightOf(towers, `${name}.${part}`, [dim]);
    const none = new Float32Array(dim);
    this.#query = new DenseLayer(matrix('query'), none, dim, dim, false);
    this.#value = new DenseLayer(matrix('value'), none, dim, dim, false);
    this.#inner = new DenseLayer(matrix('inner.weight'), vector('inner.bias'), dim, dim, true);
    this.#outer = new DenseLayer(matrix('outer.weight'), vector('outer.bias'), dim, dim, false);
    this.#gain = vector('gain');
    this.#scores = new Float64Array(historyLength);
    this.#items = new Float64Array(historyLength * dim);
  }

  /** Writes `[batch, dim]`; zeros for an empty history. */
  encode({ offsets, rows }: RowLists, out: Columns): void {
    const { dim } = this.table;
    const batch = offsets.length - 1;
    const [newest, query, context, y, inner] = this.#scratch.map((scratch): Columns => {
      return { values: scratch.take(batch * dim), stride: dim, offset: 0 };
    });
    this.#readNewest({ offsets, rows }, newest.values);
    this.#query.forward(newest, query, batch);
    for (let user = 0; user < batch; user++) this.#attend(rows, offsets[user], offsets[user + 1], user, query, context);
    this.#value.forward(context, y, batch);
    addAndNormalise(newest, y, batch, dim);
    this.#inner.forward(y, inner, batch);
    this.#outer.forward(inner, out, batch);
    addAndNormalise(y, out, batch, dim);
    for (let user = 0; user < batch; user++) {
      const start = user * out.stride + out.offset;
      const isEmpty = offsets[user] === offsets[user + 1];
      for (let i = 0; i < dim; i++) out.values[start + i] *= isEmpty ? 0 : this.#gain[i];
    }
  }

  /** x_0 of each user; what an empty history leaves there is not looked at. */
  #readNewest({ offsets, rows }: RowLists, newest: Float64Array): void {
    const { values: table, dim } = this.table;
    const scale = Math.sqrt(dim);
    for (let user = 0; user < offsets.length - 1; user++) {
      const isEmpty = offsets[user] === offsets[user + 1];
      const from = isEmpty ? 0 : rows[offsets[user + 1] - 1] * dim;
      for (let i = 0; i < dim; i++) newest[user * dim + i] = scale * table[from + i] + this.#positions[i];
    }
  }

  /** Writes Σ α_l·x_l of one user, whose items are entries [start, end) of the batch's rows. */
  #attend(rows: Int32Array, start: number, end: number, user: number, query: Columns, context: Columns): void {
    const { dim } = this.table;
    const count = end - start;
    const items = this.#items;
    const scores = this.#scores;
    this.#read(rows, end, count);
    const at = user * dim;
    let largest = -Infinity;
    for (let age = 0; age < count; age++) {
      let score = 0;
      for (let i = 0; i < dim; i++) score += query.values[at + i] * items[age * dim + i];
      scores[age] = score / Math.sqrt(dim);
      if (scores[age] > largest) largest = scores[age];
    }
    let total = 0;
    for (let age = 0; age < count; age++) total += scores[age] = Math.exp(scores[age] - largest);
    context.values.fill(0, at, at + dim);
    for (let age = 0; age < count; age++) {
      const share = scores[age] / total;
      for (let i = 0; i < dim; i++) context.values[at + i] += share * items[age * dim + i];
    }
  }

  /** x_l by age, of the `count` entries before `end`. */
  #read(rows: Int32Array, end: number, count: number): void {
    const { values: table, dim } = this.table;
    const scale = Math.sqrt(dim);
    for (let age = 0; age < count; age++) {
      const from = rows[end - 1 - age] * dim;
      for (let i = 0; i < dim; i++) {
        this.#items[age * dim + i] = scale * table[from + i] + this.#positions[age * dim + i];
      }
    }
  }
}

/** y = LN(x + y) row by row; x is dense, `[rows, dim]`. */
function addAndNormalise(x: Columns, y: Columns, rows: number, dim: number): void {
  for (let row = 0; row < rows; row++) {
    const start = row * y.stride + y.offset;
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += y.values[start + i] += x.values[row * dim + i];
    const mean = sum / dim;
    let squares = 0;
    for (let i = start; i < start + dim; i++) {
      y.values[i] -= mean;
      squares += y.values[i] * y.values[i];
    }
    const inverse = 1 / Math.sqrt(squares / dim + LAYER_NORM_EPSILON);
    for (let i = start; i < start + dim; i++) y.values[i] *= inverse;
  }
}
