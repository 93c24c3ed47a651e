import type { SearchResult } from '../vector-index';

/**
 * The best `k` of a stream of scores: a binary heap with the worst on top, so that most offers end at one comparison.
 * Of equal scores the lower label is the better one, so that results do not depend on the order of offers.
 */
export class TopK {
  readonly #labels: Int32Array;
  readonly #scores: Float64Array;
  #count = 0;

  constructor(private readonly k: number) {
    this.#labels = new Int32Array(k);
    this.#scores = new Float64Array(k);
  }

  /** A score below this one can't get in any more. */
  get threshold(): number {
    return this.#count < this.k ? -Infinity : this.#scores[0];
  }

  offer(label: number, score: number): void {
    if (this.#count < this.k) {
      this.#rise(this.#count++, label, score);
    } else if (isBetter(label, score, this.#labels[0], this.#scores[0])) {
      this.#sink(0, this.#count, label, score);
    }
  }

  /** Empties the heap. */
  drain(): SearchResult {
    const count = this.#count;
    const labels = new Int32Array(count);
    const scores = new Float32Array(count);
    for (let last = count - 1; last >= 0; last--) {
      labels[last] = this.#labels[0];
      scores[last] = this.#scores[0];
      this.#sink(0, last, this.#labels[last], this.#scores[last]);
    }
    this.#count = 0;
    return { labels, scores };
  }

  #rise(hole: number, label: number, score: number): void {
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!isBetter(this.#labels[parent], this.#scores[parent], label, score)) break;
      this.#labels[hole] = this.#labels[parent];
      this.#scores[hole] = this.#scores[parent];
      hole = parent;
    }
    this.#labels[hole] = label;
    this.#scores[hole] = score;
  }

  #sink(hole: number, count: number, label: number, score: number): void {
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= count) break;
      const right = child + 1;
      if (
        right < count &&
        isBetter(this.#labels[child], this.#scores[child], this.#labels[right], this.#scores[right])
      ) {
        child = right;
      }
      if (!isBetter(label, score, this.#labels[child], this.#scores[child])) break;
      this.#labels[hole] = this.#labels[child];
      this.#scores[hole] = this.#scores[child];
      hole = child;
    }
    this.#labels[hole] = label;
    this.#scores[hole] = score;
  }
}

function isBetter(label: number, score: number, otherLabel: number, otherScore: number): boolean {
  return score > otherScore || (score === otherScore && label < otherLabel);
}
