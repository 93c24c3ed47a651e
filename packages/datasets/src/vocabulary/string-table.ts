/** A Map throws at 2^24 entries; a new one is begun well before. */
const ENTRIES_PER_MAP = 2 ** 23;

/** String keys to rows, over as many Maps as it takes. */
export class StringTable {
  readonly #maps = [new Map<string, number>()];

  constructor(private readonly entriesPerMap = ENTRIES_PER_MAP) {}

  get(key: string): number | undefined {
    for (const map of this.#maps) {
      const row = map.get(key);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** Adds a key that is not in the table. */
  add(key: string, row: number): void {
    let map = this.#maps[this.#maps.length - 1];
    if (map.size >= this.entriesPerMap) {
      map = new Map();
      this.#maps.push(map);
    }
    map.set(key, row);
  }
}
