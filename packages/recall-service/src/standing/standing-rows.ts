import { checkFilter, FilterError, parseFilter, RowSet, type AttributeSchema } from '@vector-recall/item-catalogue';
import type { IdColumn } from '@vector-recall/model-store';
import { StandingUnfitError } from '../errors';
import { resolveId } from '../request/resolve-id';
import type { Standing } from './standing';

/** What standing rules say of one model, kept up to date as items change and come. */
export class StandingRows {
  /** Ids as text: a catalogue has ids of one kind, so none is taken for another. */
  readonly #denied: ReadonlySet<string>;
  readonly #deniedRows: number[] = [];
  /** Rows whose ids were looked at. */
  #seenRows = 0;
  #filtered?: RowSet;
  #allowed?: RowSet;

  /** @param itemIds of the training, and those that came later */
  constructor(
    readonly standing: Standing,
    private readonly itemIds: IdColumn,
  ) {
    this.#denied = new Set(standing.deniedItemIds.map(String));
    for (const id of standing.deniedItemIds) {
      const row = resolveId(itemIds, id);
      if (row !== undefined) this.#deniedRows.push(row);
    }
    this.#seenRows = itemIds.size;
  }

  /**
   * The rows that may be returned; the same object as long as nothing has changed.
   * @param filtered the rows that the standing filter selects now; absent where there is none
   */
  allowed(filtered: RowSet | undefined): RowSet {
    const { size } = this.itemIds;
    if (this.#allowed !== undefined && this.#filtered === filtered && this.#allowed.rowCount === size) {
      return this.#allowed;
    }
    for (; this.#seenRows < size; this.#seenRows++) {
      if (this.#denied.has(String(this.itemIds.idAt(this.#seenRows)))) this.#deniedRows.push(this.#seenRows);
    }
    const words = new Uint32Array(RowSet.wordsFor(size));
    if (filtered === undefined) {
      words.fill(0xffff_ffff, 0, size >>> 5);
      if (size % 32 !== 0) words[size >>> 5] = 2 ** (size % 32) - 1;
    } else {
      words.set(filtered.words);
    }
    for (const row of this.#deniedRows) words[row >>> 5] &= ~(1 << (row & 31));
    this.#filtered = filtered;
    return (this.#allowed = new RowSet(words, size));
  }
}

/**
 * Checks that a model can apply a standing filter.
 * @throws StandingUnfitError
 */
export function checkStanding({ filter }: Standing, schema: AttributeSchema): void {
  if (filter === undefined) return;
  try {
    checkFilter(parseFilter(filter), schema);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new StandingUnfitError(error.message);
  }
}
