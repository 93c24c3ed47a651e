import {
  AttributeTable,
  secondsOf,
  type Attribute,
  type AttributeRecord,
  type AttributeSchema,
  type AttributeValue,
} from '@vector-recall/item-catalogue';

/** The attributes of items that changed, or came, since a model was trained. */
export class LiveAttributes {
  readonly #records = new Map<number, AttributeRecord>();
  #version = 0;
  #table?: ChangedItems;

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
    this.#table = undefined;
  }

  changed(): ChangedItems {
    if (this.#table === undefined) {
      const rows = [...this.#records.keys()];
      const places = new Map(rows.map((row, place) => [row, place]));
      this.#table = { rows, places, table: AttributeTable.fromRecords(this.schema, [...this.#records.values()]) };
    }
    return this.#table;
  }
}

/** Items whose attributes are not those of the training. */
export interface ChangedItems {
  /** Of the catalogue, in the order of the table. */
  readonly rows: readonly number[];
  /** The place of each row in the table. */
  readonly places: ReadonlyMap<number, number>;
  readonly table: AttributeTable;
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
