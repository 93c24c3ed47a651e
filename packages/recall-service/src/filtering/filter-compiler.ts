import {
  checkFilter,
  FilterError,
  FilterSyntaxError,
  parseFilter,
  type AttributeTable,
  type Filter,
  RowSet,
} from '@vector-recall/item-catalogue';
import type { IdColumn } from '@vector-recall/model-store';
import type { StandingSource } from '../standing/standing';
import { checkStanding, StandingRows } from '../standing/standing-rows';
import type { LiveAttributes } from './live-attributes';
import { resolveId } from '../request/resolve-id';

/** Sets of rows that are kept, in bytes, and their filters' texts. */
const MOST_BYTES = 64 << 20;

/** How long the rows of a filter on ages stay right, in seconds. */
const AGE_SECONDS = 1;

export interface FilterCompilerOptions {
  /** What holds for every request. */
  readonly standing?: StandingSource;
  readonly live?: LiveAttributes;
  readonly mostBytes?: number;
}

interface Compiled {
  readonly rows: RowSet;
  readonly bytes: number;
  /** Seconds since 1970 until which it holds. */
  readonly until: number;
  /** Of the changed items that it holds for. */
  readonly version: number;
}

/**
 * Turns filters into rows of one catalogue. What was asked for lately is kept, so that a filter that is sent often is
 * evaluated once.
 */
export class FilterCompiler {
  /** The one that was used last comes last. */
  readonly #kept = new Map<string, Compiled>();
  #bytes = 0;
  #standing?: StandingRows;
  /** By the rows of a filter: those of the standing rules, and both together. */
  readonly #both = new WeakMap<RowSet, { readonly standing: RowSet; readonly rows: RowSet }>();

  /**
   * @param itemIds of the training, and those that came later
   * @param options `live`: items that change while they are served; `mostBytes` of the sets that are kept
   */
  constructor(
    private readonly attributes: AttributeTable,
    private readonly itemIds: IdColumn,
    private readonly options: FilterCompilerOptions = {},
  ) {}

  /** Whether anything holds for every request now. */
  get hasStanding(): boolean {
    return this.options.standing?.current !== undefined;
  }

  /** Filters whose rows are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /**
   * The rows that a request may return, by its filter and by the standing rules.
   * @param given a filter, its text, or none
   * @param now seconds since 1970
   * @returns absent where all may be
   * @throws FilterError, FilterSyntaxError, StandingUnfitError
   */
  allowed(given: Filter | string | undefined, now: number): RowSet | undefined {
    const own = given === undefined ? undefined : this.compile(given, now);
    const standing = this.options.standing?.current;
    if (standing === undefined) return own;
    if (this.#standing?.standing !== standing) {
      checkStanding(standing, this.attributes.schema);
      this.#standing = new StandingRows(standing, this.itemIds);
    }
    const rows = this.#standing.allowed(standing.filter === undefined ? undefined : this.compile(standing.filter, now));
    if (own === undefined) return rows;
    const known = this.#both.get(own);
    if (known?.standing === rows) return known.rows;
    const both = own.and(rows);
    this.#both.set(own, { standing: rows, rows: both });
    return both;
  }

  /**
   * @param given a filter, or its text
   * @param now seconds since 1970
   * @throws FilterError, FilterSyntaxError
   */
  compile(given: Filter | string, now: number): RowSet {
    const key = typeof given === 'string' ? given : JSON.stringify(given);
    const known = this.#kept.get(key);
    const version = this.options.live?.version ?? 0;
    if (known !== undefined) {
      this.#forget(key, known);
      const isOld = known.until !== Infinity && (now >= known.until || now < known.until - AGE_SECONDS);
      if (!isOld && known.version === version) return this.#keep(key, known);
    }
    const filter = typeof given === 'string' ? parseFilter(given) : given;
    checkFilter(filter, this.attributes.schema);
    const rows = this.#rowsMatching(filter, now);
    const until = readsAges(filter) ? now + AGE_SECONDS : Infinity;
    return this.#keep(key, { rows, until, version, bytes: rows.words.byteLength + 2 * key.length });
  }

  #rowsMatching(filter: Filter, now: number): RowSet {
    const rowOf = (id: number | string): number | undefined => resolveId(this.itemIds, id);
    const stored = this.attributes.rowsMatching(filter, { now, rowOf });
    const { live } = this.options;
    if (live === undefined || live.version === 0) return stored;
    const { rows, places, table } = live.changed();
    const changed = table.rowsMatching(filter, { now, rowOf: (id) => places.get(rowOf(id) ?? -1) });
    const words = new Uint32Array(RowSet.wordsFor(this.itemIds.size));
    words.set(stored.words);
    for (const [place, row] of rows.entries()) {
      if (changed.has(place)) words[row >>> 5] |= 1 << (row & 31);
      else words[row >>> 5] &= ~(1 << (row & 31));
    }
    return new RowSet(words, this.itemIds.size);
  }

  #keep(key: string, compiled: Compiled): RowSet {
    this.#kept.set(key, compiled);
    this.#bytes += compiled.bytes;
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= (this.options.mostBytes ?? MOST_BYTES)) break;
      this.#forget(oldest, entry);
    }
    return compiled.rows;
  }

  #forget(key: string, { bytes }: Compiled): void {
    this.#kept.delete(key);
    this.#bytes -= bytes;
  }
}

/** Whether what the filter selects depends on the time. */
function readsAges(filter: Filter): boolean {
  switch (filter.kind) {
    case 'allOf':
    case 'anyOf':
      return filter.filters.some(readsAges);
    case 'not':
      return readsAges(filter.filter);
    default:
      return filter.kind === 'age';
  }
}

/** Whether something that was thrown is the caller's fault. */
export function isFilterProblem(error: unknown): error is FilterError | FilterSyntaxError {
  return error instanceof FilterError || error instanceof FilterSyntaxError;
}
