import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cancellation } from '../cancellation';
import type { ConcurrentIndex } from '../concurrent-index';
import { IndexEngineError } from '../errors';
import { graphFile, verifyGraph } from '../hnsw/graph-store';
import { checkEf } from '../validate';
import type { SearchResult, Space } from '../vector-index';
import { loadAddon, type ImageHandle, type IndexHandle } from './addon';
import { EngineGraph, type EngineBuildOptions, type UpdateOptions } from './engine-graph';
import { aboutFile, engineError } from './engine-errors';
import {
  checkInstructions,
  checkThreads,
  keepingNumber,
  makingThreads,
  memories,
  precisions,
  spaceName,
  spaceNumber,
  type EngineOptions,
  type IndexMemory,
  type KeepFloat32,
  type MakingOptions,
  type Precision,
} from './engine-options';
import { mapSharedFile, type SharedFile } from './shared-file';
import { EngineSearches, RowFilter, searchNativeSync, type EngineQuery, type SearchTarget } from './engine-search';

export interface IndexMakingOptions extends EngineOptions, MakingOptions {
  /**
   * Whether the float32 vectors are kept beside their codes, for `exactScores`: four more bytes per dimension and vector.
   * `auto`, the default, keeps them only where codes can't tell neighbours apart, which is measured: then searches
   * compare by them.
   */
  readonly float32?: KeepFloat32;
  /** Default: what the graph was built with. */
  readonly efSearch?: number;
  /** Rows are compared by what those of this index are. Default: what is measured to be precise enough. */
  readonly like?: EngineIndex;
}

export interface OpenOptions extends EngineOptions {
  /**
   * `checksums` compares every byte with what was written, at several GB a second; `header` only the header, for files
   * whose checksum somebody has just compared. What a file says inside is checked on use either way. Default `checksums`.
   */
  readonly verify?: 'checksums' | 'header';
  /**
   * `copied` reads the file into memory of this process, on huge pages, and verifies that copy: what becomes of the file
   * later does no harm. `mapped` shares one copy among all processes that open the file, and is open at once; but whoever
   * cuts the file short while it is searched ends the process. A {@link SharedFile} of it is one copy for many processes,
   * as safe as a process's own; where it is gone, the file is copied. Default `copied`.
   */
  readonly memory?: 'mapped' | 'copied' | SharedFile;
  /** Default: what is stored in the file. */
  readonly efSearch?: number;
}

export interface EngineInfo {
  /** The instruction set that searches run on. */
  readonly instructions: string;
  readonly threads: number;
  readonly bytes: number;
  readonly bytesPerVector: number;
  readonly float32: 'kept' | 'dropped';
  /** What searches compare rows by, as it was measured when the index was made. */
  readonly precision: Precision;
  readonly memory: IndexMemory;
}

/** The instruction sets that the engine can use on this processor, the fastest first. @throws IndexEngineError */
export function instructionSets(): string[] {
  return loadAddon().listKernels();
}

/**
 * Approximate search in an HNSW graph (Malkov and Yashunin 2018) on 8-bit codes, by the native engine on threads of its
 * own. `efSearch` is how many candidates are expanded, and may be below `k`.
 */
export class EngineIndex implements ConcurrentIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly m: number;
  readonly efConstruction: number;
  readonly efSearch: number;
  readonly info: EngineInfo;
  readonly #handle: IndexHandle;
  readonly #target: SearchTarget;
  readonly #searches: EngineSearches;
  #closing?: Promise<void>;

  private constructor(handle: IndexHandle, threads: number, efSearch: number | undefined) {
    const facts = loadAddon().describeIndex(handle);
    this.#handle = handle;
    this.size = facts.count;
    this.dim = facts.dim;
    this.space = spaceName(facts.space);
    this.m = facts.m;
    this.efConstruction = facts.efConstruction;
    this.efSearch = efSearch ?? facts.limit;
    const keepsVectors = facts.keepsVectors === 1;
    this.info = {
      instructions: facts.kernels,
      threads,
      bytes: facts.bytes,
      bytesPerVector: facts.bytes / facts.count,
      float32: keepsVectors ? 'kept' : 'dropped',
      precision: precisions[facts.precision],
      memory: memories[facts.place],
    };
    const { size, dim, space } = this;
    this.#target = { handle, size, dim, space, efSearch: this.efSearch, keepsVectors };
    this.#searches = new EngineSearches(this.#target);
  }

  /**
   * Builds a graph and makes an index of it. Where the graph shall be saved too, use {@link EngineGraph}.
   *
   * @param vectors `[size, dim]`, finite, no zero row for `cosine`; copied, but not to be touched until this is done
   * @throws IndexArgumentError, IndexEngineError, or the reason of `options.signal`
   */
  static async build(
    vectors: Float32Array,
    dim: number,
    options: EngineBuildOptions & IndexMakingOptions,
  ): Promise<EngineIndex> {
    const graph = await EngineGraph.build(vectors, dim, options);
    return EngineIndex.fromGraph(graph, options).finally(() => graph.close());
  }

  /**
   * @param graph a graph of this process, or a folder that holds `hnsw.bin` and `hnsw.meta.json`
   * @throws IndexArgumentError, IndexFileError, IndexEngineError
   */
  static async fromGraph(graph: EngineGraph | string, options: IndexMakingOptions = {}): Promise<EngineIndex> {
    const threads = checkThreads(options.threads);
    if (options.efSearch !== undefined) checkEf('efSearch', options.efSearch, 1);
    const keeping = keepingNumber(options.float32);
    const addon = loadAddon();
    if (graph instanceof EngineGraph) {
      const limit = options.efSearch ?? graph.config.efSearch;
      const isLow = options.priority === 'low';
      const like = options.like === undefined ? null : options.like.#handle;
      const making = addon.imageOfGraph(graph.handle, keeping, limit, makingThreads(options), isLow, like);
      const image = await making.catch(rethrow);
      return EngineIndex.#open(image, 'header', threads, options);
    }
    const { space, efSearch } = await verifyGraph(graph);
    const file = join(graph, graphFile);
    const limit = options.efSearch ?? efSearch;
    const image = await aboutFile(file, addon.imageOfGraphFile(file, spaceNumber(space), keeping, limit, threads));
    return EngineIndex.#open(image, 'header', threads, options);
  }

  /**
   * @param file what `save` has written
   * @throws IndexArgumentError, IndexFileError, IndexEngineError
   */
  static async open(file: string, options: OpenOptions = {}): Promise<EngineIndex> {
    const threads = checkThreads(options.threads);
    if (options.efSearch !== undefined) checkEf('efSearch', options.efSearch, 1);
    const { verify = 'checksums', memory = 'copied' } = options;
    const shared = typeof memory === 'object' ? await aboutFile(file, mapSharedFile(memory)) : undefined;
    const image = shared ?? (await aboutFile(file, loadAddon().loadImage(file, memory === 'mapped')));
    return aboutFile(file, EngineIndex.#open(image, verify, threads, options));
  }

  static async #open(
    image: ImageHandle,
    verify: 'checksums' | 'header',
    threads: number,
    { instructions, efSearch }: Pick<OpenOptions, 'instructions' | 'efSearch'>,
  ): Promise<EngineIndex> {
    const addon = loadAddon();
    const kernels = checkInstructions(instructions, addon.listKernels());
    const handle = await addon.openIndex(image, verify === 'checksums', kernels, threads).catch(rethrow);
    return new EngineIndex(handle, threads, efSearch);
  }

  get precision(): Precision {
    return this.info.precision;
  }

  get queueLength(): number {
    return loadAddon().countWaiting(this.#handle);
  }

  /**
   * Writes the serving file: aside, then renamed, so that a file of this name is always whole.
   *
   * @param options `efSearch`: stored in the file instead of this index's own
   * @throws IndexArgumentError, IndexFileError
   */
  async save(file: string, { efSearch = this.efSearch }: { readonly efSearch?: number } = {}): Promise<void> {
    checkEf('efSearch', efSearch, 1);
    this.#checkOpen();
    const aside = `${file}.aside-${process.pid}`;
    try {
      await aboutFile(file, loadAddon().saveIndex(this.#handle, aside, efSearch));
      await rename(aside, file);
    } finally {
      await rm(aside, { force: true });
    }
  }

  /**
   * Prepares a filter that any number of queries may share: a bit for every row.
   *
   * @param rows alone those of `only`, or all but those of `except`; rows that the index does not hold say nothing
   */
  filter(rows: { readonly only: Int32Array } | { readonly except: Int32Array }): RowFilter {
    const isAllowed = 'only' in rows;
    const listed = isAllowed ? rows.only : rows.except;
    return new RowFilter(loadAddon().makeFilter(this.size, listed, isAllowed), this.#handle);
  }

  /**
   * Makes an index of other rows, most of which this one holds too: those keep their links, and all are compared as in
   * this index. It takes a fraction of the time that a build of all takes.
   * @param rows `[size]`: which of the vectors each row of this index is, none of them twice; -1 where it is gone
   * @param vectors `[rows, dim]`, of all rows of the new index, as of a build; not to be touched until this is done
   * @throws IndexArgumentError, IndexEngineError, or the reason of `options.signal`
   */
  async update(rows: Int32Array, vectors: Float32Array, options: UpdateOptions): Promise<EngineIndex> {
    this.#checkOpen();
    const { size, dim, space, m, efConstruction, efSearch } = this;
    const config = { m, efConstruction, efSearch };
    const graph = await EngineGraph.update({ handle: this.#handle, size, dim, space, config }, rows, vectors, options);
    const { float32 } = this.info;
    return EngineIndex.fromGraph(graph, { ...options, float32, like: this }).finally(() => graph.close());
  }

  async searchMany(queries: readonly EngineQuery[], signal?: Cancellation): Promise<SearchResult[]> {
    signal?.throwIfAborted();
    this.#checkOpen();
    return queries.length === 0 ? [] : await this.#searches.run(queries, signal);
  }

  /**
   * Searches on the calling thread, which has the answer sooner than from another one and does nothing else meanwhile:
   * for scripts. On the event loop of a server it holds up everybody.
   * @throws IndexArgumentError, IndexEngineError
   */
  searchSync(query: EngineQuery): SearchResult {
    this.#checkOpen();
    return searchNativeSync(this.#target, query);
  }

  /** @throws IndexEngineError */
  writeDirections(rows: Int32Array, into: Int8Array): void {
    this.#checkOpen();
    loadAddon().readDirections(this.#handle, rows, into);
  }

  #checkOpen(): void {
    if (this.#closing) throw new IndexEngineError('The index is closed; open it again to search it.');
  }

  /** Finishes the searches under way, ends the threads and lets go of the file's memory. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#searches.idle();
    await loadAddon().closeIndex(this.#handle);
  }
}

function rethrow(cause: unknown): never {
  throw engineError(cause);
}
