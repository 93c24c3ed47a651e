import { CatalogueError } from '../errors';
import type { IdColumn } from './catalogue';

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
   * @throws CatalogueError where an id occurs twice
   */
  constructor(
    part: string,
    private readonly ids: ArrayLike<Id>,
    kind: 'integer' | 'string',
  ) {
    this.kind = kind;
    // At most half full, so that a look-up passes two slots or so.
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1, ids.length) * 2));
    this.#slots = new Int32Array(slots).fill(-1);
    this.#mask = slots - 1;
    for (let row = 0; row < ids.length; row++) {
      const slot = this.#slotOf(ids[row]);
      if (this.#slots[slot] !== -1) {
        throw new CatalogueError(
          part,
          `The id ${JSON.stringify(ids[row])} stands in rows ${this.#slots[slot]} and ${row} of ${part}; ids must differ.`,
        );
      }
      this.#slots[slot] = row;
    }
  }

  get size(): number {
    return this.ids.length;
  }

  idAt(row: number): Id {
    if (!Number.isInteger(row) || row < 0 || row >= this.size) {
      throw new RangeError(`Row ${row} is outside [0, ${this.size}).`);
    }
    return this.ids[row];
  }

  rowOf(id: number | string): number | undefined {
    const row = this.#slots[this.#slotOf(id)];
    return row === -1 ? undefined : row;
  }

  /** The slot that holds the id, else the free one where it would go. */
  #slotOf(id: number | string): number {
    let slot = hash(id) & this.#mask;
    while (this.#slots[slot] !== -1 && this.ids[this.#slots[slot]] !== id) slot = (slot + 1) & this.#mask;
    return slot;
  }
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
