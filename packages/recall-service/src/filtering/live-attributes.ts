import {
  AttributeTable,
  secondsOf,
  type Attribute,
  type AttributeRecord,
  type AttributeSchema,
  type AttributeValue,
} from '@vector-recall/item-catalogue';

/** Changes that are remembered one by one. */
const MOST_LOGGED = 1 << 16;

/** A table of all changed items is made anew once so many have changed since it was made, or a quarter of them. */
const FEW_CHANGES = 1024;

/** Items whose attributes are not those of the training, as they were at one moment. */
export interface ChangedItems {
  /** The place in the table of each row of the catalogue; {@link RESTORED} where it has the attributes of the training again. */
  readonly places: ReadonlyMap<number, number>;
  readonly table: AttributeTable;
}

/** No place in a table. */
export const RESTORED = -1;

/** The attributes of items that changed, or came, since a model was trained. */
export class LiveAttributes {
  readonly #records = new Map<number, AttributeRecord>();
  /** The rows of the latest changes, in their order; the last one made the version what it is. */
  #log: number[] = [];
  #version = 0;
  /** All items that had changed up to a version. */
  #all?: { readonly version: number; readonly items: ChangedItems };

  /**
   * @param schema of the artifact; what it does not have can't be filtered by
   * @param storedItems rows below belong to the training
   */
  constructor(
    private readonly schema: AttributeSchema,
    private readonly storedItems: number,
  ) {}

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  /** @param attributes absent where the change says nothing of them: an item of the training then keeps its own */
  set(row: number, attributes: Readonly<Record<string, unknown>> | undefined): void {
    if (attributes === undefined && row < this.storedItems) {
      if (!this.#records.delete(row)) return;
    } else {
      const values = this.schema.attributes.map((attribute) => {
        return [attribute.name, usable(attribute, attributes?.[attribute.name])] as const;
      });
      this.#records.set(row, Object.fromEntries(values));
    }
    this.#version++;
    this.#log.push(row);
    if (this.#log.length > 2 * MOST_LOGGED) this.#log = this.#log.slice(-MOST_LOGGED);
  }

  /** All that changed, in layers: a later one holds over those before it. */
  all(): readonly ChangedItems[] {
    const since = this.#all && this.since(this.#all.version);
    if (this.#all !== undefined && since !== undefined && since.places.size <= this.#fewChanges) {
      return [this.#all.items, since];
    }
    this.#all = { version: this.#version, items: this.#itemsOf([...this.#records.keys()]) };
    return [this.#all.items];
  }

  /** What changed after a version; `undefined` where that is too long ago. */
  since(version: number): ChangedItems | undefined {
    const changes = this.#version - version;
    return changes > this.#log.length ? undefined : this.#itemsOf(new Set(this.#log.slice(this.#log.length - changes)));
  }

  /** Those of some rows that have other attributes than in the training. */
  among(rows: Int32Array): ChangedItems {
    return this.#itemsOf(rows.filter((row) => this.#records.has(row)));
  }

  get #fewChanges(): number {
    return Math.max(FEW_CHANGES, this.#records.size / 4);
  }

  #itemsOf(of: Iterable<number>): ChangedItems {
    const places = new Map<number, number>();
    const records: AttributeRecord[] = [];
    for (const row of of) {
      const record = this.#records.get(row);
      places.set(row, record === undefined ? RESTORED : records.length);
      if (record !== undefined) records.push(record);
    }
    return { places, table: AttributeTable.fromRecords(this.schema, records) };
  }
}

/** What a filter can read of a value; a change is not refused for what only filters would read. */
function usable({ kind }: Attribute, value: unknown): AttributeValue | undefined {
  if (kind === 'labels') {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    return Array.isArray(value) ? value.filter((label) => typeof label === 'string') : undefined;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const isDate = kind === 'date' && typeof value === 'string' && !Number.isNaN(secondsOf(value));
  return isDate ? value : undefined;
}
