import type { Attributes } from '../../columns/attributes';
import { TagBuilder } from '../../columns/labels';
import type { Block } from '../../tables/table';
import { labelsAt } from '../../tables/values';
import type { FieldReader } from './field-reader';

/** Any number of labels per row: a list, or a text that is cut at the separator. */
export class TagsReader implements FieldReader {
  readonly #labels = new TagBuilder();

  constructor(
    readonly column: string,
    private readonly separator: string,
  ) {}

  take(block: Block, row: number, target: number, place: number): void {
    for (const label of labelsAt(block, row, place, this.separator)) this.#labels.add(target, label);
  }

  build(rows: number): Attributes {
    const field = this.#labels.build(this.column, rows);
    return { labels: field && [field] };
  }
}
