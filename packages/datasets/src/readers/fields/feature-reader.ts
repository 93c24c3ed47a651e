import type { Attributes } from '../../columns/attributes';
import { float64Column } from '../../columns/growable';
import type { Block } from '../../tables/table';
import { numberAt, optionalNumberAt } from '../../tables/values';
import type { FieldReader } from './field-reader';

/** A number; where it is missing, the mean and a flag that says so, unless every row needs one. */
export class FeatureReader implements FieldReader {
  readonly #values = float64Column();

  constructor(
    readonly column: string,
    private readonly missing: 'error' | 'mean',
  ) {}

  take(block: Block, row: number, _target: number, place: number): void {
    const read = this.missing === 'mean' ? optionalNumberAt : numberAt;
    this.#values.push(read(block, row, place));
  }

  build(): Attributes {
    return { numbers: [{ name: this.column, values: this.#values.toArray() }] };
  }
}
