import {
  EngineIndex,
  type Cancellation,
  type ConcurrentIndex,
  type IndexQuery,
  type ItemVector,
  type RowBits,
  type RowFilter,
  type SearchResult,
  type SnapshotVectors,
} from '@vector-recall/hnsw-index';
import { DeadLabels } from './dead-labels';

/** Labels that died since the filter was made are sent with each query up to so many; then the filter is made anew. */
const MOST_RECENT = 256;

/** A graph that does not change, and which of its labels still count. */
export class GraphPart {
  readonly #dead: DeadLabels;
  /** By row, -1 where there is none; absent where labels are rows. */
  readonly #labels?: Int32Array;
  #filter?: RowFilter;
  /** Labels that the filter excludes. */
  #filtered: Int32Array = new Int32Array(0);
  #view?: GraphView;
  #stored?: SnapshotVectors['stored'];
  #holders = 0;
  #isReplaced = false;

  /**
   * @param rows `[size]`, the row of each label; absent where labels are rows
   * @param vectors of the labels whose vectors are not those of the first base, `[dim]` each
   */
  constructor(
    readonly index: ConcurrentIndex,
    readonly rows?: Int32Array,
    readonly vectors: ReadonlyMap<number, Float32Array> = new Map(),
  ) {
    this.#dead = new DeadLabels(index.size);
    if (rows === undefined) return;
    this.#labels = new Int32Array(rows.reduce((most, row) => Math.max(most, row), -1) + 1).fill(-1);
    for (let label = 0; label < rows.length; label++) this.#labels[rows[label]] = label;
  }

  get living(): number {
    return this.index.size - this.#dead.count;
  }

  get dead(): number {
    return this.#dead.count;
  }

  isDead(label: number): boolean {
    return this.#dead.has(label);
  }

  /** The label of a row, dead or not; `undefined` where the graph does not hold it. */
  labelOf(row: number): number | undefined {
    if (this.#labels === undefined) return row < this.index.size ? row : undefined;
    const label = row < this.#labels.length ? this.#labels[row] : -1;
    return label === -1 ? undefined : label;
  }

  rowAt(label: number): number {
    return this.rows === undefined ? label : this.rows[label];
  }

  /** The rows, dead or not, that have the vectors of the first base. */
  get storedRows(): SnapshotVectors['stored'] {
    return (this.#stored ??= this.#findStored());
  }

  /** The labels that count. */
  livingLabels(): Int32Array {
    const labels = new Int32Array(this.living);
    let count = 0;
    for (let label = 0; label < this.index.size; label++) if (!this.#dead.has(label)) labels[count++] = label;
    return labels;
  }

  kill(label: number): void {
    if (this.#dead.add(label)) this.#view = undefined;
  }

  /** The part as it is now; searches of it are not touched by what is killed later. */
  view(): GraphView {
    if (this.#view !== undefined) return this.#view;
    // Only the engine takes filters; other indexes are told of all with each query.
    if (this.dead - this.#filtered.length > MOST_RECENT && this.index instanceof EngineIndex) {
      this.#filtered = this.#dead.since(0);
      this.#filter = this.index.filter({ except: this.#filtered });
    }
    const recent = this.#dead.since(this.#filtered.length);
    return (this.#view = new GraphView(this, this.#filter, this.#filtered, recent));
  }

  hold(): void {
    this.#holders++;
  }

  /** The last holder of a part that was replaced closes it. */
  letGo(): Promise<void> {
    this.#holders--;
    return this.#closeUnused();
  }

  replaced(): Promise<void> {
    this.#isReplaced = true;
    return this.#closeUnused();
  }

  #findStored(): SnapshotVectors['stored'] {
    const rowCount = this.#labels?.length ?? this.index.size;
    const words = new Uint32Array(Math.ceil(rowCount / 32));
    for (let label = 0; label < this.index.size; label++) {
      const row = this.rowAt(label);
      words[row >>> 5] |= 1 << (row & 31);
    }
    for (const label of this.vectors.keys()) {
      const row = this.rowAt(label);
      words[row >>> 5] &= ~(1 << (row & 31));
    }
    return { words, rowCount };
  }

  async #closeUnused(): Promise<void> {
    if (this.#isReplaced && this.#holders === 0) await this.index.close();
  }
}

/** A graph at one moment. */
export class GraphView {
  /** Sets of rows that queries allow, as labels. */
  readonly #allowed = new WeakMap<RowBits, RowBits>();

  constructor(
    readonly part: GraphPart,
    private readonly filter: RowFilter | undefined,
    /** Labels that the filter excludes. */
    private readonly filtered: Int32Array,
    /** Labels that died since the filter was made. */
    private readonly recent: Int32Array,
  ) {}

  /** How many rows count. */
  get living(): number {
    return this.part.index.size - this.filtered.length - this.recent.length;
  }

  /** The rows that count and have the vectors of the first base. */
  storedRows(): SnapshotVectors['stored'] {
    const { words, rowCount } = this.part.storedRows;
    const living = words.slice();
    for (const labels of [this.filtered, this.recent]) {
      for (const label of labels) {
        const row = this.part.rowAt(label);
        living[row >>> 5] &= ~(1 << (row & 31));
      }
    }
    return { words: living, rowCount };
  }

  /** The rows that count and have other vectors than in the first base. */
  *changedRows(): Generator<ItemVector> {
    const dead = new Set([...this.filtered, ...this.recent]);
    for (const [label, vector] of this.part.vectors) {
      if (!dead.has(label)) yield { row: this.part.rowAt(label), vector };
    }
  }

  /** @returns rows for each query, best first */
  async search(queries: readonly IndexQuery[], signal?: Cancellation): Promise<SearchResult[]> {
    const { index } = this.part;
    const own = queries.map(({ allowed, ...query }) => ({
      ...query,
      exclude: this.#excluded(query.exclude),
      ...(allowed === undefined ? { filter: this.filter } : { allowed: this.#labelsOf(allowed) }),
    }));
    const found = await index.searchMany(own, signal);
    const { rows } = this.part;
    if (rows === undefined) return found;
    return found.map(({ labels, ...result }) => ({ ...result, labels: rowsAt(labels, rows) }));
  }

  /** The labels of the rows that a query allows, without those that had died when the filter was made. */
  #labelsOf(allowed: RowBits): RowBits {
    const known = this.#allowed.get(allowed);
    if (known !== undefined) return known;
    const { index, rows } = this.part;
    const words = new Uint32Array(Math.ceil(index.size / 32));
    let size = 0;
    if (rows === undefined) {
      words.set(allowed.words.subarray(0, words.length));
      // Rows behind the graph's own may share its last word.
      if (index.size % 32 !== 0) words[words.length - 1] &= 2 ** (index.size % 32) - 1;
      size = allowed.size;
      for (let row = index.size; row < allowed.rowCount; row++) if (isAllowed(allowed, row)) size--;
    } else {
      for (let label = 0; label < rows.length; label++) {
        if (!isAllowed(allowed, rows[label])) continue;
        words[label >>> 5] |= 1 << (label & 31);
        size++;
      }
    }
    for (const label of this.filtered) {
      const bit = 1 << (label & 31);
      if ((words[label >>> 5] & bit) === 0) continue;
      words[label >>> 5] &= ~bit;
      size--;
    }
    const labels = { words, rowCount: index.size, size };
    this.#allowed.set(allowed, labels);
    return labels;
  }

  /** Labels of what a query excludes, and those that have died. */
  #excluded(rows: Int32Array | undefined): Int32Array | undefined {
    if (rows === undefined || rows.length === 0) return this.recent.length === 0 ? undefined : this.recent;
    const labels = new Int32Array(rows.length + this.recent.length);
    let count = 0;
    for (const row of rows) {
      const label = this.part.labelOf(row);
      if (label !== undefined) labels[count++] = label;
    }
    labels.set(this.recent, count);
    return labels.subarray(0, count + this.recent.length);
  }
}

function rowsAt(labels: Int32Array, rows: Int32Array): Int32Array {
  const found = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) found[i] = rows[labels[i]];
  return found;
}

export function isAllowed({ words, rowCount }: RowBits, row: number): boolean {
  return row < rowCount && ((words[row >>> 5] >>> (row & 31)) & 1) === 1;
}
