import type { Attributes } from '../../columns/attributes';
import { CategoryBuilder } from '../../columns/labels';
import type { Block } from '../../tables/table';
import { textAt } from '../../tables/values';
import type { FieldReader } from './field-reader';

/** One label per row; an empty cell is unknown. */
export class CategoryReader implements FieldReader {
  readonly #labels = new CategoryBuilder();

  constructor(readonly column: string) {}

  take(block: Block, row: number, target: number, place: number): void {
    this.#labels.set(target, textAt(block, row, place));
  }

  build(rows: number): Attributes {
    const field = this.#labels.build(this.column, rows);
    return { labels: field && [field] };
  }
}
