import type { Attributes } from '../../columns/attributes';
import type { Block } from '../../tables/table';
import { textAt } from '../../tables/values';
import { ownText } from '../../vocabulary/vocabulary-builder';
import type { FieldReader } from './field-reader';

/** What a person calls an item. */
export class NameReader implements FieldReader {
  readonly #names: string[] = [];

  constructor(readonly column: string) {}

  take(block: Block, row: number, _target: number, place: number): void {
    this.#names.push(ownText(textAt(block, row, place)));
  }

  build(): Attributes {
    return { names: this.#names };
  }
}
