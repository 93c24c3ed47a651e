import { weightOf, type StoredTowers } from '../../persistence/tower-file';
import { DenseLayer } from '../../serving/dense-layer';
import { DoubleScratch, type Columns } from '../../serving/matrix';
import { normaliseRow } from './normalise-row';

/**
 * One block, as {@link TransformerBlock} of the model, at chosen places. What lies on both sides of a head's softmax is
 * folded into one product each: scores are x̂ₜ·(Q·Kᵀ/√w)·x̂ₗ + bias(t − l), and outputs are
 * Σ αₗ·x̂ₗ·(V·O). Attention then costs 2·heads·dim products per place that is looked at, and no key or value is made.
 */
export class ServingBlock {
  /** x̂ → what each head looks for, `[dim]` → `[heads · dim]` */
  readonly #lookFor: DenseLayer;
  /** What each head has found → its part of the sum, `[heads · dim]` → `[dim]` */
  readonly #found: DenseLayer;
  readonly #inner: DenseLayer;
  readonly #outer: DenseLayer;
  /** `[heads, ages]` */
  readonly #ages: Float32Array;
  readonly #scores: Float64Array;
  readonly #scratch = Array.from({ length: 6 }, () => new DoubleScratch());

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly dim: number,
    private readonly heads: number,
    private readonly ageCount: number,
  ) {
    const matrix = (part: string): Float32Array => weightOf(towers, `${name}.${part}.weight`, [dim, dim]);
    const vector = (part: string): Float32Array => weightOf(towers, `${name}.${part}.bias`, [dim]);
    this.#ages = weightOf(towers, `${name}.ages`, [heads, ageCount]);
    this.#scores = new Float64Array(ageCount);
    const width = dim / heads;
    const scale = 1 / Math.sqrt(width);
    const [query, key, value, output] = ['query', 'key', 'value', 'output'].map(matrix);
    const [queryBias, valueBias, outputBias] = ['query', 'value', 'output'].map(vector);
    const lookFor = new Float64Array(dim * heads * dim);
    const lookForBias = new Float64Array(heads * dim);
    const found = new Float64Array(heads * dim * dim);
    const foundBias = Float64Array.from(outputBias);
    for (let j = 0; j < dim; j++) {
      const head = Math.floor(j / width);
      for (let to = 0; to < dim; to++) {
        lookForBias[head * dim + to] += scale * queryBias[j] * key[to * dim + j];
        foundBias[to] += valueBias[j] * output[j * dim + to];
        for (let from = 0; from < dim; from++) {
          lookFor[from * heads * dim + head * dim + to] += scale * query[from * dim + j] * key[to * dim + j];
          found[(head * dim + from) * dim + to] += value[from * dim + j] * output[j * dim + to];
        }
      }
    }
    this.#lookFor = new DenseLayer(lookFor, lookForBias, dim, heads * dim, false);
    this.#found = new DenseLayer(found, foundBias, heads * dim, dim, false);
    this.#inner = new DenseLayer(matrix('inner'), vector('inner'), dim, dim, true);
    this.#outer = new DenseLayer(matrix('outer'), vector('outer'), dim, dim, false);
  }

  /**
   * @param x `[offsets.at(-1), dim]`: the places of all sequences
   * @param offsets `[sequences + 1]`, as in `RowLists`
   * @param places that are wanted, `[wanted]`, in ascending order
   * @param out `[wanted, dim]`
   */
  forward(x: Float64Array, offsets: Int32Array, places: Int32Array, out: Columns): void {
    const { dim, heads } = this;
    const wanted = places.length;
    const [normal, at, lookFor, found, y, inner] = this.#scratch;
    const all = normal.take(offsets[offsets.length - 1] * dim);
    for (let place = 0; place < offsets[offsets.length - 1]; place++)
      normaliseRow(x, place * dim, all, place * dim, dim);
    const own = columnsOf(at.take(wanted * dim), dim);
    places.forEach((place, n) => {
      own.values.set(all.subarray(place * dim, (place + 1) * dim), n * dim);
    });
    const looked = columnsOf(lookFor.take(wanted * heads * dim), heads * dim);
    this.#lookFor.forward(own, looked, wanted);
    const sums = columnsOf(found.take(wanted * heads * dim), heads * dim);
    let sequence = 0;
    for (let n = 0; n < wanted; n++) {
      while (offsets[sequence + 1] <= places[n]) sequence++;
      for (let head = 0; head < heads; head++) {
        this.#attend(all, offsets[sequence], places[n], head, looked.values, sums.values, (n * heads + head) * dim);
      }
    }
    const sum = columnsOf(y.take(wanted * dim), dim);
    this.#found.forward(sums, sum, wanted);
    for (let n = 0; n < wanted; n++) {
      for (let i = 0; i < dim; i++) sum.values[n * dim + i] += x[places[n] * dim + i];
      normaliseRow(sum.values, n * dim, own.values, n * dim, dim);
    }
    const hidden = columnsOf(inner.take(wanted * dim), dim);
    this.#inner.forward(own, hidden, wanted);
    this.#outer.forward(hidden, out, wanted);
    for (let n = 0; n < wanted; n++) {
      const to = n * out.stride + out.offset;
      for (let i = 0; i < dim; i++) out.values[to + i] += sum.values[n * dim + i];
    }
  }

  /** Writes Σ αₗ·x̂ₗ of one head at one place, over the places of its sequence from `first` on. */
  #attend(
    x: Float64Array,
    first: number,
    place: number,
    head: number,
    lookFor: Float64Array,
    sums: Float64Array,
    at: number,
  ): void {
    const { dim } = this;
    const scores = this.#scores;
    const count = place - first + 1;
    let largest = -Infinity;
    for (let age = 0; age < count; age++) {
      const from = (place - age) * dim;
      let score = this.#ages[head * this.ageCount + age];
      for (let i = 0; i < dim; i++) score += lookFor[at + i] * x[from + i];
      scores[age] = score;
      if (score > largest) largest = score;
    }
    let total = 0;
    for (let age = 0; age < count; age++) total += scores[age] = Math.exp(scores[age] - largest);
    sums.fill(0, at, at + dim);
    for (let age = 0; age < count; age++) {
      const from = (place - age) * dim;
      const share = scores[age] / total;
      for (let i = 0; i < dim; i++) sums[at + i] += share * x[from + i];
    }
  }
}

function columnsOf(values: Float64Array, stride: number): Columns {
  return { values, stride, offset: 0 };
}
