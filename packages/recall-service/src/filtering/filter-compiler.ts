import {
  checkFilter,
  FilterError,
  FilterSyntaxError,
  parseFilter,
  type AttributeTable,
  type Filter,
  type MatchContext,
  RowSet,
} from '@vector-recall/item-catalogue';
import type { IdColumn } from '@vector-recall/model-store';
import type { StandingSource } from '../standing/standing';
import { checkStanding, StandingRows } from '../standing/standing-rows';
import { type ChangedItems, type LiveAttributes, RESTORED } from './live-attributes';
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
  readonly filter: Filter;
  /** What it selects of the training's items, by the attributes they had then. */
  readonly stored: RowSet;
  readonly rows: RowSet;
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
      if (!isOld) return this.#keep(key, known.version === version ? known : this.#followed(known, now));
    }
    const filter = typeof given === 'string' ? parseFilter(given) : given;
    checkFilter(filter, this.attributes.schema);
    const stored = this.attributes.rowsMatching(filter, this.#context(now));
    const rows = version === 0 ? stored : this.#overlay(stored, stored, this.options.live?.all() ?? [], filter, now);
    const until = readsAges(filter) ? now + AGE_SECONDS : Infinity;
    return this.#keep(key, { filter, stored, rows, until, version });
  }

  /** A filter that was evaluated before, for what has changed since. */
  #followed(known: Compiled, now: number): Compiled {
    const { live } = this.options;
    const since = live?.since(known.version);
    const { filter, stored } = known;
    const rows =
      since === undefined
        ? this.#overlay(stored, stored, live?.all() ?? [], filter, now)
        : this.#overlay(known.rows, stored, [since], filter, now);
    return { ...known, rows, version: live?.version ?? 0 };
  }

  #context(now: number): MatchContext {
    return { now, rowOf: (id) => resolveId(this.itemIds, id) };
  }

  /** @returns `from` with the rows of changed items as the filter selects them, and those of restored ones as `stored` has them */
  #overlay(from: RowSet, stored: RowSet, layers: readonly ChangedItems[], filter: Filter, now: number): RowSet {
    const { rowOf } = this.#context(now);
    const words = new Uint32Array(RowSet.wordsFor(this.itemIds.size));
    words.set(from.words);
    for (const { places, table } of layers) {
      const placeOf = (id: number | string): number | undefined => {
        const place = places.get(rowOf(id) ?? -1);
        return place === RESTORED ? undefined : place;
      };
      const selected = table.rowsMatching(filter, { now, rowOf: placeOf });
      for (const [row, place] of places) {
        if (place === RESTORED ? stored.has(row) : selected.has(place)) words[row >>> 5] |= 1 << (row & 31);
        else words[row >>> 5] &= ~(1 << (row & 31));
      }
    }
    return new RowSet(words, this.itemIds.size);
  }

  #keep(key: string, compiled: Compiled): RowSet {
    this.#kept.set(key, compiled);
    this.#bytes += bytesOf(key, compiled);
    for (const [oldest, entry] of this.#kept) {
      if (this.#bytes <= (this.options.mostBytes ?? MOST_BYTES)) break;
      this.#forget(oldest, entry);
    }
    return compiled.rows;
  }

  #forget(key: string, compiled: Compiled): void {
    this.#kept.delete(key);
    this.#bytes -= bytesOf(key, compiled);
  }
}

/** What it takes to keep a filter; before anything changes, both sets are one. */
function bytesOf(key: string, { stored, rows }: Compiled): number {
  return 2 * key.length + rows.words.byteLength + (rows === stored ? 0 : stored.words.byteLength);
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
