import { float64Column } from '../../columns/growable';
import type { NumericColumn } from '../../columns/standardise';
import type { Block } from '../../tables/table';
import { numberAt, optionalNumberAt } from '../../tables/values';
import type { FeatureDescription } from './description';

/** Collects the numeric columns of a description, row by row. */
export class FeatureReader {
  readonly #columns: readonly {
    readonly feature: FeatureDescription;
    readonly values: ReturnType<typeof float64Column>;
  }[];

  constructor(features: readonly FeatureDescription[]) {
    this.#columns = features.map((feature) => ({ feature, values: float64Column() }));
  }

  /** @param first place of the first feature among the columns of the block */
  take(block: Block, row: number, first: number): void {
    this.#columns.forEach(({ feature, values }, index) => {
      const read = feature.missing === 'mean' ? optionalNumberAt : numberAt;
      values.push(read(block, row, first + index));
    });
  }

  build(): NumericColumn[] {
    return this.#columns.map(({ feature, values }) => ({ name: feature.column, values: values.toArray() }));
  }
}
