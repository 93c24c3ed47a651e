import type { IdColumn } from '@vector-recall/model-store';

/** The ids of a catalogue and those that came later: an id keeps its row for ever, whether its item is there or not. */
export class LiveIds implements IdColumn {
  readonly kind: IdColumn['kind'];
  readonly #added: (number | string)[] = [];
  readonly #rows = new Map<number | string, number>();

  constructor(private readonly base: IdColumn) {
    this.kind = base.kind;
  }

  get size(): number {
    return this.base.size + this.#added.length;
  }

  idAt(row: number): number | string {
    const { size } = this.base;
    const id = row < size ? undefined : this.#added[row - size];
    return id ?? this.base.idAt(row);
  }

  rowOf(id: number | string): number | undefined {
    return this.base.rowOf(id) ?? (this.#rows.size === 0 ? undefined : this.#rows.get(id));
  }

  /** @returns the row of an id, a new one where it has none */
  add(id: number | string): number {
    const known = this.rowOf(id);
    if (known !== undefined) return known;
    const row = this.size;
    this.#added.push(id);
    this.#rows.set(id, row);
    return row;
  }
}
