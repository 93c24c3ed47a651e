import type { Attributes } from '../../columns/attributes';
import { TagBuilder } from '../../columns/labels';
import type { Block } from '../../tables/table';
import { labelsAt } from '../../tables/values';
import type { FieldReader } from './field-reader';

/**
 * A category and those above it: `Home > Kitchen > Pans` gives the labels `Home`, `Home > Kitchen` and
 * `Home > Kitchen > Pans`, so that levels of the same name under different parents stay apart.
 */
export class PathReader implements FieldReader {
  readonly #labels = new TagBuilder();

  constructor(
    readonly column: string,
    private readonly separator: string,
  ) {}

  take(block: Block, row: number, target: number, place: number): void {
    let path = '';
    for (const level of labelsAt(block, row, place, this.separator)) {
      path = path === '' ? level : `${path}${this.separator}${level}`;
      this.#labels.add(target, path);
    }
  }

  build(rows: number): Attributes {
    const field = this.#labels.build(this.column, rows);
    return { labels: field && [{ ...field, kind: 'path' }] };
  }
}
