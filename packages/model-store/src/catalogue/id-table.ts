import { CatalogueError } from '../errors';
import type { IdColumn } from './catalogue';
import { PackedStrings, type PackedStringsParts } from './packed-strings';

/**
 * Ids by row and rows by id. The look-up is an open-addressing hash table of rows: 8 to 16 bytes per id, where a `Map`
 * takes some 40 and ends at 16.7 million entries.
 */
export class IdTable<Id extends number | string> implements IdColumn {
  readonly kind: 'integer' | 'string';
  /** `[2^n]` rows, -1 where a slot is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  /**
   * @param part what the ids are called in errors
   * @param ids `[size]`, kept, not copied
   * @param restored of a table of the same ids, to save the work of filling it
   * @throws CatalogueError where an id occurs twice
   */
  constructor(
    part: string,
    private readonly ids: ArrayLike<Id | undefined>,
    kind: 'integer' | 'string',
    private readonly restored?: RestoredTable<Id>,
  ) {
    this.kind = kind;
    const slots = restored?.slots;
    // At most half full, so that a look-up passes two slots or so.
    this.#slots = slots ?? new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, ids.length) * 2))).fill(-1);
    this.#mask = this.#slots.length - 1;
    if (slots === undefined) this.#fill(part);
  }

  get size(): number {
    return this.ids.length;
  }

  idAt(row: number): Id {
    const id = this.#read(row);
    if (id === undefined) throw new RangeError(`Row ${row} is outside [0, ${this.size}).`);
    return id;
  }

  rowOf(id: number | string): number | undefined {
    const row = this.#slots[this.#slotOf(id)];
    return row === -1 ? undefined : row;
  }

  /** What another thread makes the same table from, with {@link idTableOf}. */
  toParts(): IdTableParts {
    const ids = Array.from({ length: this.size }, (_, row) => this.idAt(row));
    const slots = this.#slots;
    return this.kind === 'integer'
      ? { kind: 'integer', ids: packIntegers(ids.map(Number)), slots }
      : { kind: 'string', ids: PackedStrings.of(ids.map(String)).toParts(), slots };
  }

  #fill(part: string): void {
    for (let row = 0; row < this.ids.length; row++) {
      const id = this.idAt(row);
      const slot = this.#slotOf(id);
      if (this.#slots[slot] !== -1) {
        throw new CatalogueError(
          part,
          `The id ${JSON.stringify(id)} stands in rows ${this.#slots[slot]} and ${row} of ${part}; ids must differ.`,
        );
      }
      this.#slots[slot] = row;
    }
  }

  /** Indexed, not by `at`, which is slow on typed arrays; `undefined` outside the table. */
  #read(row: number): Id | undefined {
    const id = this.ids[row];
    return id ?? this.restored?.makeId?.(row);
  }

  /** The slot that holds the id, else the free one where it would go. */
  #slotOf(id: number | string): number {
    let slot = hash(id) & this.#mask;
    while (this.#slots[slot] !== -1 && this.#read(this.#slots[slot]) !== id) slot = (slot + 1) & this.#mask;
    return slot;
  }
}

/** Plain data: an id table on its way to another thread. */
export type IdTableParts =
  | { readonly kind: 'integer'; readonly ids: Int32Array | Float64Array; readonly slots: Int32Array }
  | { readonly kind: 'string'; readonly ids: PackedStringsParts; readonly slots: Int32Array };

/** What is there before a table is made again. */
interface RestoredTable<Id> {
  readonly slots: Int32Array;
  /** Makes an id that the list does not hold yet; `undefined` outside the table. */
  readonly makeId?: (row: number) => Id | undefined;
}

/** The table that {@link IdTable.toParts} was called on. */
export function idTableOf(part: string, parts: IdTableParts): IdTable<number> | IdTable<string> {
  const { slots } = parts;
  if (parts.kind === 'integer') return new IdTable(part, parts.ids, parts.kind, { slots });
  const packed = new PackedStrings(parts.ids);
  // Filled as ids are asked for: making a string anew each time would take longer than the rest of an answer.
  const made = new Array<string>(packed.length);
  const makeId = (row: number): string | undefined => {
    const id = Number.isInteger(row) ? packed.at(row) : undefined;
    if (id !== undefined) made[row] = id;
    return id;
  };
  return new IdTable(part, made, parts.kind, { slots, makeId });
}

/** In half the memory where all fit: an answer reads hundreds of ids from all over it, each from a cache or past it. */
function packIntegers(ids: readonly number[]): Int32Array | Float64Array {
  return ids.every((id) => id === (id | 0)) ? Int32Array.from(ids) : Float64Array.from(ids);
}

function hash(id: number | string): number {
  return typeof id === 'number' ? hashInteger(id) : hashString(id);
}

/** The finaliser of MurmurHash3 (Austin Appleby, public domain), over both halves of the integer. */
function hashInteger(id: number): number {
  let mixed = (id | 0) ^ Math.imul(Math.floor(id / 2 ** 32) | 0, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** FNV-1a over UTF-16 units, finished like an integer: its low bits alone are weak. */
function hashString(id: string): number {
  let mixed = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) mixed = Math.imul(mixed ^ id.charCodeAt(i), 0x01000193);
  return hashInteger(mixed);
}
