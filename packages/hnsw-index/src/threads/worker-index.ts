import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InFlight, Thread } from '@vector-recall/threads';
import { excludingOthers } from '../allowed-rows';
import type { Cancellation } from '../cancellation';
import type { ConcurrentIndex, IndexQuery } from '../concurrent-index';
import { IndexArgumentError, IndexEngineError, IndexFileError, IndexThreadError } from '../errors';
import { checkAllowed, checkQuery, checkSearch } from '../validate';
import type { SearchResult, Space } from '../vector-index';
import { packQueries, unpackResults, type IndexFacts, type ThreadRequest, type ThreadResponse } from './messages';
import { SearchCall } from './search-call';
import { SearchQueue, type SearchJob } from './search-queue';

export interface WorkerIndexOptions {
  /** Each holds the graph in memory of its own; default the processor's cores. */
  readonly threads?: number;
}

/**
 * Queries that go to a thread at once where more wait: a message costs some 20 µs on the event loop and a search takes
 * half a millisecond and more, so a few are enough, and the first of them does not wait long for the last.
 */
const LONGEST_CHUNK = 4;

type SearchThread = Thread<ThreadRequest, ThreadResponse>;

/**
 * Searches hnswlib's graph on threads, each with a graph of its own. Queries wait in one line; a thread that is free
 * takes the first ones. A thread that ends fails the queries that it had, and another takes its place.
 */
export class WorkerIndex implements ConcurrentIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly efSearch: number;
  readonly #queue = new SearchQueue();
  readonly #threads: Set<SearchThread>;
  readonly #idle: SearchThread[];
  readonly #work = new InFlight();
  #isClosed = false;
  /** Why there is no thread left, and none can be started. */
  #failure?: IndexThreadError;

  private constructor(
    private readonly folder: string,
    private readonly module: string,
    threads: readonly SearchThread[],
    facts: IndexFacts,
  ) {
    this.size = facts.size;
    this.dim = facts.dim;
    this.space = facts.space;
    this.efSearch = facts.efSearch;
    this.#threads = new Set(threads);
    this.#idle = [...threads];
  }

  /**
   * @param folder holds `hnsw.bin` and `hnsw.meta.json`; it is read again when a thread has to be replaced
   * @param module of the threads, for tests
   * @throws IndexFileError, IndexEngineError, IndexArgumentError
   */
  static async open(
    folder: string,
    options: WorkerIndexOptions = {},
    module = join(__dirname, 'search-thread'),
  ): Promise<WorkerIndex> {
    const count = options.threads ?? availableParallelism();
    if (!Number.isInteger(count) || count < 1) {
      throw new IndexArgumentError('threads', `threads is ${count}, but it must be an integer of at least 1.`);
    }
    const threads = Array.from({ length: count }, () => startThread(module));
    try {
      const [first, ...others] = threads;
      const facts = await openOn(first, folder);
      // One after the other: whoever serves another index meanwhile keeps the other cores.
      for (const thread of others) await openOn(thread, folder);
      return new WorkerIndex(folder, module, threads, facts);
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.end()));
      throw error;
    }
  }

  /** Queries that wait for a thread. */
  get queueLength(): number {
    return this.#queue.length;
  }

  async searchMany(queries: readonly IndexQuery[], signal?: Cancellation): Promise<SearchResult[]> {
    signal?.throwIfAborted();
    for (const { vector, k, efSearch, allowed } of queries) {
      checkSearch(k, { efSearch });
      if (allowed !== undefined) checkAllowed(allowed, this.size);
      checkQuery(vector, this.dim, this.space);
    }
    if (this.#isClosed) throw new IndexThreadError('The index is closed; open it again.');
    if (this.#failure !== undefined) throw this.#failure;
    if (queries.length === 0) return [];
    const call = new SearchCall(queries.length, signal);
    for (const [place, given] of queries.entries()) {
      const query = given.allowed === undefined ? given : withoutOthers(given);
      this.#queue.add({ call, place, query });
    }
    this.#dispatch();
    return call.results;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // Whoever finishes takes what waits before the work counts as done.
    await this.#work.idle();
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const share = Math.ceil(this.#queue.length / this.#threads.size);
      const jobs = this.#queue.take(Math.min(share, LONGEST_CHUNK));
      if (jobs.length === 0) return;
      // The thread that was last at work has its graph in the cache.
      const thread = this.#idle.pop();
      if (thread !== undefined) this.#track(this.#run(thread, jobs));
    }
  }

  #track(work: Promise<void>): void {
    this.#work.begin();
    void work.finally(() => {
      this.#work.end();
    });
  }

  async #run(thread: SearchThread, jobs: readonly SearchJob[]): Promise<void> {
    try {
      const request = packQueries(
        jobs.map(({ query }) => query),
        this.dim,
      );
      const answer = await thread.call(request, [request.vectors.buffer, request.exclude.buffer]);
      if (!('counts' in answer)) throw new Error('The thread has not answered with results.');
      const results = unpackResults(answer);
      jobs.forEach(({ call, place }, i) => {
        call.succeed(place, results[i]);
      });
      this.#idle.push(thread);
    } catch (cause) {
      const error = new IndexThreadError('A search thread ended while it had the query; ask again.', { cause });
      for (const { call } of jobs) call.fail(error);
      await this.#replace(thread);
    }
    this.#dispatch();
  }

  async #replace(thread: SearchThread): Promise<void> {
    this.#threads.delete(thread);
    await thread.end();
    const next = startThread(this.module);
    try {
      await openOn(next, this.folder);
      this.#threads.add(next);
      this.#idle.push(next);
    } catch (cause) {
      await next.end();
      if (this.#threads.size > 0) return;
      this.#failure = new IndexThreadError(
        `The search threads have ended and no other could open ${this.folder}; open the artifact again.`,
        { cause },
      );
      for (const { call } of this.#queue.take(this.#queue.length)) call.fail(this.#failure);
    }
  }
}

/** hnswlib-node takes excluded rows. */
function withoutOthers({ allowed, exclude, ...query }: IndexQuery): IndexQuery {
  return { ...query, exclude: excludingOthers(allowed, exclude) };
}

function startThread(module: string): SearchThread {
  return new Thread(module, [IndexFileError, IndexEngineError, IndexArgumentError]);
}

async function openOn(thread: SearchThread, folder: string): Promise<IndexFacts> {
  const facts = await thread.call({ folder });
  if (!('dim' in facts)) throw new Error('The thread has not answered with what it opened.');
  return facts;
}
