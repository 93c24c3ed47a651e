import {
  directionOf,
  EngineIndex,
  type CandidateIndex,
  writeDirections,
  type ConcurrentIndex,
  type IndexSnapshot,
  type Space,
} from '@vector-recall/hnsw-index';
import { BlockPart } from './block-part';
import { gather, type Place } from './gather';
import { GraphPart } from './graph-part';
import { LiveSnapshot } from './live-snapshot';
import { changedRows, decideMerge, type IndexStats, type Merge } from './merge-policy';
import { PartBuilder } from './part-builder';

export interface LiveIndexOptions {
  /** Built over rows [0, size); closed with this index. */
  readonly base: ConcurrentIndex;
  /** The vector of a row of the base, `[dim]`. */
  readonly baseVector: (row: number) => Promise<Float32Array>;
  /**
   * Reads those of rows that follow one another, when the base is built anew.
   * @param into `[count, dim]`, written: the rows `first .. first + count`
   */
  readonly readBaseVectors: (first: number, into: Float32Array) => Promise<void>;
  readonly onEvent?: (event: LiveIndexEvent) => void;
}

export type LiveIndexEvent =
  | { readonly type: 'merged'; readonly kind: Merge['kind']; readonly items: number; readonly ms: number }
  | { readonly type: 'problem'; readonly error: unknown };

/** An item that has a vector from now on, or none. */
export interface VectorChange {
  readonly row: number;
  /** `[dim]`, kept; absent where the item is gone. */
  readonly vector?: Float32Array;
}

/**
 * An index that is changed while it is searched: a base that was built once, graphs of what came later, and blocks of
 * single vectors for what came last. A change is found by the next search. Merges keep the parts few; they build beside
 * the searches and switch at once.
 */
export class LiveIndex implements CandidateIndex {
  readonly dim: number;
  readonly space: Space;
  readonly efSearch: number;
  readonly #builder: PartBuilder;
  #places = new Map<number, Place>();
  /** Of every item that was changed, by row. */
  readonly #vectors = new Map<number, Float32Array>();
  readonly #closing = new AbortController();
  #base: GraphPart;
  #graphs: GraphPart[] = [];
  #blocks: BlockPart[] = [];
  /** While a base is made, rows that have changed since it was begun. */
  #changedSince?: Set<number>;
  #baseUpdated = 0;
  #generation = 0;
  #snapshot: LiveSnapshot;
  #merging?: Promise<void>;

  constructor(private readonly options: LiveIndexOptions) {
    const { base } = options;
    this.dim = base.dim;
    this.space = base.space;
    this.efSearch = base.efSearch;
    this.#base = new GraphPart(base);
    this.#builder = new PartBuilder(
      { dim: base.dim, changed: this.#vectors, storedRows: base.size, readStored: options.readBaseVectors },
      this.#closing.signal,
    );
    this.#snapshot = this.#takeSnapshot();
  }

  get queueLength(): number {
    return [this.#base, ...this.#graphs].reduce((sum, { index }) => sum + index.queueLength, 0);
  }

  get stats(): IndexStats {
    return {
      base: this.#base.living,
      baseDead: this.#base.dead,
      baseUpdated: this.#baseUpdated,
      graphs: this.#graphs.map(({ living }) => living),
      blocks: this.#blocks.map(({ living, isFull }) => ({ living, isFull })),
    };
  }

  lease(): IndexSnapshot {
    return this.#snapshot.lease();
  }

  /** Whether an item can be found. */
  has(row: number): boolean {
    return this.#places.has(row) || this.#isInBase(row);
  }

  /**
   * Makes changes, in their order, all at once for whoever leases a snapshot afterwards.
   * @throws IndexArgumentError for a vector that can't be indexed; those before it are made
   */
  apply(changes: readonly VectorChange[]): void {
    this.#generation++;
    try {
      for (const { row, vector } of changes) {
        if (vector === undefined) this.#remove(row);
        else this.#put(row, vector);
      }
    } finally {
      this.#publish();
    }
    if (!this.#isClosing()) this.#merging ??= this.#merge().finally(() => (this.#merging = undefined));
  }

  /** Resolves when nothing is left to merge. */
  async settled(): Promise<void> {
    while (this.#merging !== undefined) await this.#merging;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('The index is being closed.'));
    await this.settled();
    const parts = [this.#base, ...this.#graphs];
    this.#snapshot.replaced();
    await Promise.all(parts.map((part) => part.replaced()));
  }

  /** Asked again after a wait. */
  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #isInBase(row: number): boolean {
    const label = this.#base.labelOf(row);
    return label !== undefined && !this.#base.isDead(label);
  }

  #put(row: number, vector: Float32Array): void {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.isFull) {
      block = new BlockPart(this.dim, this.space);
      this.#blocks.push(block);
    }
    // Refused before anything is taken away.
    const label = block.add(row, vector);
    this.#forget(row);
    this.#places.set(row, { part: block, label });
    this.#vectors.set(row, vector);
  }

  #remove(row: number): void {
    this.#forget(row);
    this.#vectors.delete(row);
  }

  /** Takes a row out of the part that has it. */
  #forget(row: number): void {
    this.#changedSince?.add(row);
    const place = this.#places.get(row);
    if (place !== undefined) {
      this.#kill(place);
      this.#places.delete(row);
      return;
    }
    const label = this.#base.labelOf(row);
    if (label !== undefined) this.#base.kill(label);
  }

  #kill({ part, label }: Place): void {
    if (part instanceof GraphPart) part.kill(label);
    else part.kill(label, this.#generation);
  }

  #publish(): void {
    const before = this.#snapshot;
    this.#snapshot = this.#takeSnapshot();
    before.replaced();
  }

  #takeSnapshot(): LiveSnapshot {
    const graphs = [this.#base, ...this.#graphs].filter(({ living }, i) => i === 0 || living > 0);
    const blocks = this.#blocks.filter(({ living }) => living > 0);
    return new LiveSnapshot(
      {
        itemCount: this.#base.living + this.#places.size,
        graphs: graphs.map((part) => part.view()),
        blocks: blocks.map((block) => block.view(this.#generation)),
        vectorOf: (row) => this.#vectorOf(row),
        writeDirections: (rows, into) => this.#writeDirections(rows, into),
      },
      this.#tellProblem,
    );
  }

  async #vectorOf(row: number): Promise<Float32Array | undefined> {
    const vector = this.#vectors.get(row);
    if (vector !== undefined) return vector;
    return this.#isInBase(row) ? this.options.baseVector(row) : undefined;
  }

  /** Those of changed items from their vectors, all others from the base. */
  async #writeDirections(rows: Int32Array, into: Int8Array): Promise<void> {
    const { index } = this.#base;
    if (index.writeDirections === undefined) return writeDirections(rows, (row) => this.#vectorOf(row), into);
    const labels = rows.map((row) => this.#base.labelOf(row) ?? -1);
    index.writeDirections(labels, into);
    if (this.#vectors.size === 0) return;
    for (const [place, row] of rows.entries()) {
      const vector = this.#vectors.get(row);
      if (vector !== undefined) into.set(directionOf(vector), place * this.dim);
    }
  }

  readonly #tellProblem = (error: unknown): void => {
    this.options.onEvent?.({ type: 'problem', error });
  };

  async #merge(): Promise<void> {
    for (;;) {
      // The changes of this turn come first: those that find a merge under way begin none.
      await new Promise(setImmediate);
      const merge = decideMerge(this.stats);
      const { index } = this.#base;
      // What hnswlib-node serves is not built anew: its single vectors stay blocks.
      if (merge.kind === 'none' || this.#isClosing() || !(index instanceof EngineIndex)) return;
      const start = performance.now();
      try {
        const items = merge.kind === 'join' ? await this.#join(merge, index) : await this.#makeBase(merge.kind, index);
        this.options.onEvent?.({ type: 'merged', kind: merge.kind, items, ms: performance.now() - start });
      } catch (error) {
        // Tried again with the next change.
        if (!this.#isClosing()) this.#tellProblem(error);
        return;
      }
    }
  }

  /** Makes one graph of the oldest blocks and the youngest graphs. */
  async #join({ blocks, graphs }: Extract<Merge, { kind: 'join' }>, base: EngineIndex): Promise<number> {
    const from = [...this.#graphs.slice(this.#graphs.length - graphs), ...this.#blocks.slice(0, blocks)];
    const { rows, places } = gather(from);
    if (rows.length === 0) {
      this.#replace(from, []);
      return 0;
    }
    const joined = await this.#builder.build(rows, base, 'part');
    this.#replace(from, [joined]);
    for (const [label, place] of places.entries()) {
      // Not what has changed meanwhile.
      if (this.#isAt(rows[label], place)) this.#places.set(rows[label], { part: joined, label });
      else joined.kill(label);
    }
    this.#publish();
    return rows.length;
  }

  /** Makes a base of all that counts. */
  async #makeBase(kind: 'update' | 'rebuild', index: EngineIndex): Promise<number> {
    const from = [...this.#graphs, ...this.#blocks];
    // What comes meanwhile goes into a block of its own.
    this.#blocks.push(new BlockPart(this.dim, this.space));
    const changed = (this.#changedSince = new Set());
    const updated = kind === 'rebuild' ? 0 : this.#baseUpdated + changedRows(this.stats);
    const before = this.#base;
    const kept = before.livingLabels();
    const added = gather(from).rows;
    const rows = new Int32Array(kept.length + added.length);
    for (let label = 0; label < kept.length; label++) rows[label] = before.rowAt(kept[label]);
    rows.set(added, kept.length);
    const built = await this.#buildBase(kind, index, kept, rows);
    const places = new Map<number, Place>();
    for (const row of changed) {
      const label = built.labelOf(row);
      if (label !== undefined) built.kill(label);
      const place = this.#places.get(row);
      if (place !== undefined) places.set(row, place);
    }
    this.#changedSince = undefined;
    this.#places = places;
    this.#replace(from, []);
    this.#base = built;
    this.#baseUpdated = updated;
    this.#publish();
    before.replaced().catch(this.#tellProblem);
    return rows.length;
  }

  async #buildBase(
    kind: 'update' | 'rebuild',
    base: EngineIndex,
    kept: Int32Array,
    rows: Int32Array,
  ): Promise<GraphPart> {
    try {
      return kind === 'rebuild'
        ? await this.#builder.build(rows, base, 'base')
        : await this.#builder.update(base, kept, rows);
    } catch (error) {
      this.#changedSince = undefined;
      throw error;
    }
  }

  #isAt(row: number, place: Place): boolean {
    const now = this.#places.get(row);
    return now !== undefined && now.part === place.part && now.label === place.label;
  }

  #replace(from: readonly (GraphPart | BlockPart)[], by: readonly GraphPart[]): void {
    const isKept = (part: GraphPart | BlockPart): boolean => !from.includes(part);
    this.#graphs = [...this.#graphs.filter(isKept), ...by];
    this.#blocks = this.#blocks.filter(isKept);
    for (const part of from) {
      if (part instanceof GraphPart) part.replaced().catch(this.#tellProblem);
    }
  }
}
