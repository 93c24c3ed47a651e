import {
  directionOf,
  EngineGraph,
  EngineIndex,
  type CandidateIndex,
  writeDirections,
  type ConcurrentIndex,
  type IndexSnapshot,
  type Space,
} from '@vector-recall/hnsw-index';
import { BlockPart } from './block-part';
import { GraphPart } from './graph-part';
import { LiveSnapshot } from './live-snapshot';
import { mergedVectors } from './merged-vectors';
import { decideMerge, type IndexStats, type Merge } from './merge-policy';

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

/** Where an item is found that the base does not hold as it is now. */
type Place = { readonly part: GraphPart | BlockPart; readonly label: number };

/** Rows that a merge builds anew, and where each was found when it began. */
interface Gathered {
  readonly rows: number[];
  readonly places: (Place | 'base')[];
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
  readonly #places = new Map<number, Place>();
  /** Of every item that was changed, by row. */
  readonly #vectors = new Map<number, Float32Array>();
  readonly #closing = new AbortController();
  #base: GraphPart;
  #graphs: GraphPart[] = [];
  #blocks: BlockPart[] = [];
  #generation = 0;
  #snapshot: LiveSnapshot;
  #merging?: Promise<void>;

  constructor(private readonly options: LiveIndexOptions) {
    const { base } = options;
    this.dim = base.dim;
    this.space = base.space;
    this.efSearch = base.efSearch;
    this.#base = new GraphPart(base);
    this.#snapshot = this.#takeSnapshot();
  }

  get queueLength(): number {
    return [this.#base, ...this.#graphs].reduce((sum, { index }) => sum + index.queueLength, 0);
  }

  get stats(): IndexStats {
    return {
      base: this.#base.living,
      baseDead: this.#base.dead,
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
    // What hnswlib-node serves is not built anew: its single vectors stay blocks.
    const { base } = this.options;
    if (!(base instanceof EngineIndex)) return;
    for (;;) {
      const merge = decideMerge(this.stats);
      if (merge.kind === 'none' || this.#isClosing()) return;
      const start = performance.now();
      try {
        const items = merge.kind === 'rebuild' ? await this.#rebuild(base) : await this.#join(merge, base);
        this.options.onEvent?.({ type: 'merged', kind: merge.kind, items, ms: performance.now() - start });
      } catch (error) {
        // Tried again with the next change.
        if (!this.#isClosing()) this.#tellProblem(error);
        return;
      }
    }
  }

  /** Makes one graph of the oldest blocks and the youngest graphs. */
  async #join({ blocks, graphs }: Extract<Merge, { kind: 'join' }>, like: EngineIndex): Promise<number> {
    const from = [...this.#graphs.slice(this.#graphs.length - graphs), ...this.#blocks.slice(0, blocks)];
    const gathered = this.#gather(from);
    const joined = await this.#build(gathered, like, 1);
    this.#replace(from, joined === undefined ? [] : [joined]);
    if (joined !== undefined) this.#settle(gathered, joined);
    this.#publish();
    return gathered.rows.length;
  }

  /** Builds a base of all that counts. */
  async #rebuild(like: EngineIndex): Promise<number> {
    const from = [...this.#graphs, ...this.#blocks];
    // What comes meanwhile goes into a block of its own.
    this.#blocks.push(new BlockPart(this.dim, this.space));
    const before = this.#base;
    const gathered = this.#gather(from);
    for (let label = 0; label < before.index.size; label++) {
      if (before.isDead(label)) continue;
      gathered.rows.push(before.rowAt(label));
      gathered.places.push('base');
    }
    const built = await this.#build(gathered, like, like.info.threads);
    if (built === undefined) return 0;
    for (const [label, row] of gathered.rows.entries()) {
      const place = gathered.places[label];
      if (place === 'base' ? this.#isInBase(row) : this.#isAt(row, place)) this.#places.delete(row);
      else built.kill(label);
    }
    this.#replace(from, []);
    this.#base = built;
    this.#publish();
    before.replaced().catch(this.#tellProblem);
    return gathered.rows.length;
  }

  #gather(from: readonly (GraphPart | BlockPart)[]): Gathered {
    const rows: number[] = [];
    const places: Place[] = [];
    for (const part of from) {
      const size = part instanceof GraphPart ? part.index.size : part.size;
      for (let label = 0; label < size; label++) {
        if (part.isDead(label)) continue;
        rows.push(part.rowAt(label));
        places.push({ part, label });
      }
    }
    return { rows, places };
  }

  /**
   * @param threads those that will search it
   * @returns `undefined` where there is nothing to build
   */
  async #build(
    { rows }: Gathered,
    { m, efConstruction, efSearch, info }: EngineIndex,
    threads: number,
  ): Promise<GraphPart | undefined> {
    const { dim, space } = this;
    if (rows.length === 0) return undefined;
    const { vectors, changed } = await mergedVectors(rows, {
      dim,
      changed: this.#vectors,
      storedRows: this.options.base.size,
      readStored: this.options.readBaseVectors,
    });
    const config = { m, efConstruction, efSearch };
    const { signal } = this.#closing;
    const graph = await EngineGraph.build(vectors, dim, {
      // At the lowest priority: all of them may build while none of them is wanted.
      threads: info.threads,
      config,
      space,
      seed: 42,
      signal,
      priority: 'low',
    });
    // As the base does: what is measured anew on other rows might take more memory than the server was given.
    const { float32 } = info;
    const index = await EngineIndex.fromGraph(graph, { threads, float32, priority: 'low' });
    return new GraphPart(index, Int32Array.from(rows), changed);
  }

  /** Points the items of a new graph at it, but for those that have changed meanwhile. */
  #settle({ rows, places }: Gathered, part: GraphPart): void {
    for (const [label, row] of rows.entries()) {
      if (this.#isAt(row, places[label])) this.#places.set(row, { part, label });
      else part.kill(label);
    }
  }

  #isAt(row: number, place: Place | 'base'): boolean {
    const now = this.#places.get(row);
    return place !== 'base' && now !== undefined && now.part === place.part && now.label === place.label;
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
