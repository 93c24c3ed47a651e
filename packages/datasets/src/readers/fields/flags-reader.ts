import type { Attributes } from '../../columns/attributes';
import { CategoryBuilder } from '../../columns/labels';
import { DatasetError } from '../../errors';
import type { Block } from '../../tables/table';
import { textAt } from '../../tables/values';
import type { FieldReader } from './field-reader';

/** Each label becomes a column of the numbers: more than this is an id rather than a label. */
const MAX_FLAGS = 256;

/** A label of few values as flags among the numbers, which a request may bring along. */
export class FlagsReader implements FieldReader {
  readonly #labels = new CategoryBuilder();

  constructor(readonly column: string) {}

  take(block: Block, row: number, target: number, place: number): void {
    this.#labels.set(target, textAt(block, row, place));
  }

  build(rows: number): Attributes {
    const numbers = this.#labels.toInputs(this.column, rows);
    const count = numbers.at(0)?.labels.length ?? 0;
    if (count <= MAX_FLAGS) return { numbers };
    throw new DatasetError(
      'DATASET_DESCRIPTION_INVALID',
      `users.labels: ${this.column} has ${count} different values, more than ${MAX_FLAGS}; name it in categories instead.`,
    );
  }
}
