import type { Block } from '../../tables/table';
import { isMissingAt, numberAt, textAt } from '../../tables/values';
import type { InteractionsDescription } from './interactions-description';

type Keep = InteractionsDescription['keep'][number];

/** A condition on the rows of a log; rows that do not meet it are excluded and counted. */
export class KeepRule {
  readonly #place: number;
  readonly #allowed: readonly (string | number | boolean)[] | undefined;
  #excluded = 0;

  /** @param placeOf the place of a column in the blocks */
  constructor(
    private readonly keep: Keep,
    placeOf: (column: string) => number,
  ) {
    this.#place = placeOf(keep.column);
    const { equals, in: listed } = keep;
    this.#allowed =
      equals === undefined ? listed : listed === undefined ? [equals] : listed.filter((value) => value === equals);
  }

  keeps(block: Block, row: number): boolean {
    const isKept = this.#isLargeEnough(block, row) && this.#isAllowed(block, row);
    if (!isKept) this.#excluded++;
    return isKept;
  }

  notes(): string[] {
    if (this.#excluded === 0) return [];
    return [`${this.#excluded} interactions are excluded, since they do not meet keep: ${this.#describe()}.`];
  }

  #isLargeEnough(block: Block, row: number): boolean {
    const { atLeast } = this.keep;
    if (atLeast === undefined) return true;
    return !isMissingAt(block, row, this.#place) && numberAt(block, row, this.#place) >= atLeast;
  }

  #isAllowed(block: Block, row: number): boolean {
    if (this.#allowed === undefined) return true;
    const text = textAt(block, row, this.#place);
    return this.#allowed.some((value) =>
      // 1 in dataset.yaml is also meant by 1.0 in the file.
      typeof value === 'number' ? text !== '' && Number(text) === value : text === String(value),
    );
  }

  #describe(): string {
    const { column, atLeast } = this.keep;
    const parts = [
      ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
      ...(this.#allowed === undefined ? [] : [this.#allowed.join(' or ')]),
    ];
    return `${column} ${parts.join(' and ')}`;
  }
}
