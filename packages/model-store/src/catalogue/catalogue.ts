import type { CatalogueField, ContextField } from './fields';

/** The ids of users or items by row, counted from 0: either all integers (safe ones) or all strings. */
export interface IdColumn {
  readonly kind: 'integer' | 'string';
  readonly size: number;
  /** The id of a row in [0, size). */
  idAt(row: number): number | string;
  /** The row of an id, `undefined` when there is none. `"7"` and `7` are different ids. */
  rowOf(id: number | string): number | undefined;
}

/** Texts by row; an array of strings is one. */
export type TextColumn = Pick<readonly string[], 'length' | 'at'>;

/** What each user has, oldest first: that of user `u` is `items[offsets[u] .. offsets[u + 1])`. */
export interface Histories {
  /** `[users + 1]` */
  readonly offsets: Int32Array;
  /** Item rows. */
  readonly items: Int32Array;
  /** The type of each event, -1 where it is unknown; absent where histories don't tell. */
  readonly types?: Int32Array;
}

/** Everything that serving has to know of users and items besides their vectors. Rows are those of the towers. */
export interface Catalogue {
  readonly userIds: IdColumn;
  readonly itemIds: IdColumn;
  /** `[items]`, what a person calls them; empty where an item has no name. */
  readonly names?: TextColumn;
  /** In the order of the towers. */
  readonly userFields?: readonly CatalogueField[];
  readonly itemFields?: readonly CatalogueField[];
  /** What the user tower reads of an event to come. */
  readonly context?: readonly ContextField[];
  /** Names of the types of events that histories tell apart; absent where they don't. */
  readonly eventTypes?: readonly string[];
  readonly history: Histories;
}
