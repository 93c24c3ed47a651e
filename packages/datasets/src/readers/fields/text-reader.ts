import type { Attributes } from '../../columns/attributes';
import { int32Column } from '../../columns/growable';
import type { TextField } from '../../fields';
import type { Block } from '../../tables/table';
import { textAt } from '../../tables/values';
import type { FieldReader } from './field-reader';
import { hashTerms, TEXT_BUCKETS } from './hash-terms';
import { characterTerms, wordTerms } from './text-terms';

/** A text as two bags of hashed terms, pooled apart: words outweigh the many n-grams of their letters. */
export class TextReader implements FieldReader {
  readonly #words = new BagBuilder();
  readonly #characters = new BagBuilder();

  constructor(readonly column: string) {}

  take(block: Block, row: number, target: number, place: number): void {
    const text = textAt(block, row, place);
    this.#words.set(target, hashTerms(wordTerms(text)));
    this.#characters.set(target, hashTerms(characterTerms(text)));
  }

  build(rows: number): Attributes {
    const words = this.#words.build(`${this.column} words`, rows);
    const characters = this.#characters.build(`${this.column} characters`, rows);
    return { labels: [words, characters].filter((field) => field !== undefined) };
  }
}

/** Lists of buckets, row by row; rows come in ascending order and may be left out. */
class BagBuilder {
  readonly #ends = int32Column();
  readonly #buckets = int32Column();

  set(row: number, buckets: readonly number[]): void {
    while (this.#ends.length < row) this.#ends.push(this.#buckets.length);
    for (const bucket of buckets) this.#buckets.push(bucket);
    this.#ends.push(this.#buckets.length);
  }

  /** `undefined` when no row has a term. */
  build(name: string, rows: number): TextField | undefined {
    if (this.#buckets.length === 0) return undefined;
    const offsets = new Int32Array(rows + 1).fill(this.#buckets.length);
    offsets[0] = 0;
    offsets.set(this.#ends.view(), 1);
    return { kind: 'text', name, count: TEXT_BUCKETS, offsets, values: this.#buckets.toArray() };
  }
}
