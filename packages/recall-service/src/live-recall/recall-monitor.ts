import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { IndexQuery, IndexSnapshot, SearchResult, SnapshotVectors, Space } from '@vector-recall/hnsw-index';
import { ArtifactFileError } from '@vector-recall/model-store';
import { Thread } from '@vector-recall/threads';
import type { LiveRecallOptions } from './recall-events';
import type { SweepRequest, SweepResponse } from './sweep-messages';

/** Searches that wait to be checked; each holds a snapshot of the index. */
const MOST_WAITING = 4;
/** A check is followed by a rest of so many times its length, so that checks take a tenth of one core at most. */
const REST = 9;
/** Changed items that are looked at in one turn of the event loop, and sent to the thread at once. */
const CHANGED_ROWS = 2048;

interface PickedSearch {
  readonly query: IndexQuery;
  readonly found: Int32Array;
  /** A lease of its own. */
  readonly snapshot: IndexSnapshot;
}

/**
 * Checks a sample of searches against every item that they could have returned, on a thread of its own and after the
 * answer. What is picked while others wait is dropped, and said.
 */
export class RecallMonitor {
  readonly #waiting: PickedSearch[] = [];
  readonly #closing = new AbortController();
  readonly #random: () => number;
  #working?: Promise<void>;
  #isPaused = false;

  private constructor(
    private readonly thread: Thread<SweepRequest, SweepResponse>,
    private readonly space: Space,
    private readonly options: LiveRecallOptions,
  ) {
    this.#random = options.random ?? Math.random;
  }

  /**
   * @param file of the stored vectors, `[rows, dim]`; it stays open, so that it may be deleted
   * @throws ArtifactFileError
   */
  static async open(file: string, space: Space, options: LiveRecallOptions): Promise<RecallMonitor> {
    const thread = new Thread<SweepRequest, SweepResponse>(join(__dirname, 'sweep-thread'), [ArtifactFileError]);
    try {
      await thread.call({ step: 'open', file });
      return new RecallMonitor(thread, space, options);
    } catch (error) {
      await thread.end();
      throw error;
    }
  }

  /** Picks some of the searches of a snapshot that the caller holds. Never waits. */
  offer(queries: readonly IndexQuery[], results: readonly SearchResult[], snapshot: IndexSnapshot): void {
    if (this.#isPaused || this.#isClosing() || snapshot.vectors === undefined) return;
    for (const [i, query] of queries.entries()) {
      if (this.#random() * this.options.every >= 1) continue;
      if (this.#waiting.length === MOST_WAITING) {
        this.options.onEvent({ type: 'dropped' });
        continue;
      }
      // What a search is given and returns may lie in memory that is used again.
      const { vector, exclude } = query;
      const copy = { ...query, vector: vector.slice(), exclude: exclude?.slice() };
      this.#waiting.push({ query: copy, found: results[i].labels.slice(), snapshot: snapshot.lease() });
      this.#working ??= this.#work().finally(() => (this.#working = undefined));
    }
  }

  /** Picks nothing until the work is done: for searches that nobody has asked for. */
  async without<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isPaused = true;
    try {
      return await work();
    } finally {
      this.#isPaused = false;
    }
  }

  /** Drops what waits and ends the thread. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.thread.end();
    await this.#working;
  }

  /** Asked again after a wait. */
  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  async #work(): Promise<void> {
    // The answers go first.
    await nextTurn();
    for (let picked = this.#waiting.shift(); picked !== undefined; picked = this.#waiting.shift()) {
      const start = performance.now();
      try {
        if (!this.#isClosing()) await this.#check(picked);
      } catch (error) {
        if (!this.#isClosing()) this.options.onEvent({ type: 'failed', error });
      } finally {
        picked.snapshot.release();
      }
      await this.#rest(REST * (performance.now() - start));
    }
  }

  async #check({ query, found, snapshot }: PickedSearch): Promise<void> {
    const vectors = snapshot.vectors?.();
    if (vectors === undefined) return;
    const { vector, k, allowed, exclude } = query;
    const words = storedWords(vectors, query);
    const search = { query: vector, space: this.space, k, found };
    await this.thread.call({ step: 'stored', search, words }, [words.buffer]);
    const excluded = new Set(exclude);
    let rows: number[] = [];
    let values: Float32Array[] = [];
    let seen = 0;
    for (const { row, vector: changed } of vectors.changed) {
      if (++seen % CHANGED_ROWS === 0) await nextTurn();
      if (excluded.has(row) || (allowed !== undefined && !hasBit(allowed.words, row))) continue;
      rows.push(row);
      values.push(changed);
      if (rows.length < CHANGED_ROWS) continue;
      await this.#sendChanged(rows, values);
      rows = [];
      values = [];
    }
    if (rows.length > 0) await this.#sendChanged(rows, values);
    const recalls = await this.thread.call({ step: 'judge' });
    if (recalls.length > 0) this.options.onEvent({ type: 'checked', recalls });
  }

  async #sendChanged(rows: readonly number[], values: readonly Float32Array[]): Promise<void> {
    const dim = values[0].length;
    const vectors = new Float32Array(rows.length * dim);
    for (const [i, value] of values.entries()) vectors.set(value, i * dim);
    await this.thread.call({ step: 'changed', rows: Int32Array.from(rows), vectors }, [vectors.buffer]);
  }

  async #rest(ms: number): Promise<void> {
    const { signal } = this.#closing;
    await wait(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Of the stored rows those that a query may return, as bits. */
function storedWords({ stored }: SnapshotVectors, { allowed, exclude }: IndexQuery): Uint32Array<ArrayBuffer> {
  const words = Uint32Array.from(stored.words);
  if (allowed !== undefined) {
    for (let i = 0; i < words.length; i++) words[i] &= i < allowed.words.length ? allowed.words[i] : 0;
  }
  for (const row of exclude ?? []) {
    if (row >>> 5 < words.length) words[row >>> 5] &= ~(1 << (row & 31));
  }
  return words;
}

function hasBit(words: Uint32Array, row: number): boolean {
  return row >>> 5 < words.length && ((words[row >>> 5] >>> (row & 31)) & 1) === 1;
}
