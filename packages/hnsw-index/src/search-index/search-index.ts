import { join } from 'node:path';
import type { Cancellation } from '../cancellation';
import type { ConcurrentIndex, IndexQuery } from '../concurrent-index';
import { CallerThreadIndex } from '../caller-thread-index';
import type { BuildOptions } from '../hnsw/build-graph';
import { HnswIndex } from '../hnsw/hnsw-index';
import type { SearchSettings } from '../hnsw/graph-meta';
import { EngineGraph } from '../native/engine-graph';
import { EngineIndex } from '../native/engine-index';
import type { KeepFloat32, Precision } from '../native/engine-options';
import type { SearchTuning } from '../tuning/tune-search';
import type { SearchResult, Space } from '../vector-index';
import { chooseEngine, type EngineName } from './choose-engine';

/** What the engine serves, beside the graph it was made from. */
export const servingFile = 'hnsw.engine';

/** Until a tuning or the caller says better. */
const UNTUNED_EF = 100;

export interface SearchIndexOptions extends Omit<BuildOptions, 'config'> {
  /** `efSearch`: 0 or none leaves it to {@link SearchIndex.withTuning}. */
  readonly config: { readonly m: number; readonly efConstruction: number; readonly efSearch?: number };
  /** Threads that build and search. Default: one for each processor. */
  readonly threads?: number;
  /** Whether the serving file keeps float32 vectors; see `IndexMakingOptions`. Default `auto`. */
  readonly float32?: KeepFloat32;
  /** Default: the one that `chooseEngine` finds. */
  readonly engine?: EngineName;
}

/** A graph, and what searches it. */
interface BuiltGraph {
  readonly search: ConcurrentIndex;
  readonly memoryBytes: number;
  readonly float32: 'kept' | 'dropped';
  readonly precision: Precision;
  save(folder: string, settings: SearchSettings): Promise<void>;
}

/**
 * An index that was just built over vectors: by the native engine, or by hnswlib-node where the engine can't be had.
 * It is searched, tuned and saved; `openSearchIndex` opens what was saved.
 */
export class SearchIndex implements ConcurrentIndex {
  readonly size: number;
  readonly dim: number;
  readonly space: Space;

  private constructor(
    private readonly graph: BuiltGraph,
    readonly engine: EngineName,
    readonly config: { readonly m: number; readonly efConstruction: number },
    private readonly settings: SearchSettings,
  ) {
    const { size, dim, space } = graph.search;
    this.size = size;
    this.dim = dim;
    this.space = space;
  }

  /**
   * @param vectors `[size, dim]`, finite, no zero row for `cosine`; copied, but not to be touched until this is done
   * @throws IndexArgumentError, IndexEngineError, or the reason of `options.signal`
   */
  static async build(vectors: Float32Array, dim: number, options: SearchIndexOptions): Promise<SearchIndex> {
    const engine = options.engine ?? chooseEngine(dim).engine;
    const { efSearch: asked = 0 } = options.config;
    const efSearch = asked === 0 ? UNTUNED_EF : asked;
    const filled = { ...options, config: { ...options.config, efSearch } };
    const build = engine === 'native' ? buildNative : buildHnswlib;
    return new SearchIndex(await build(vectors, dim, filled), engine, options.config, { efSearch });
  }

  get efSearch(): number {
    return this.settings.efSearch;
  }

  /** Absent until the index was tuned. */
  get tuning(): SearchSettings['tuning'] {
    return this.settings.tuning;
  }

  get queueLength(): number {
    return this.graph.search.queueLength;
  }

  /** Memory that searching takes in this process. */
  get memoryBytes(): number {
    return this.graph.memoryBytes;
  }

  /** Whether what searches holds float32 vectors. */
  get float32(): 'kept' | 'dropped' {
    return this.graph.float32;
  }

  /** What rows are compared by. */
  get precision(): Precision {
    return this.graph.precision;
  }

  /** The same graph, searched and saved with what {@link tuneSearch} has chosen. Closing one closes both. */
  withTuning({ efSearch, targetRecall, recall, isReached }: SearchTuning): SearchIndex {
    const tuning = { targetRecall, recall, isReached };
    return new SearchIndex(this.graph, this.engine, this.config, { efSearch, tuning });
  }

  async searchMany(queries: readonly IndexQuery[], signal?: Cancellation): Promise<SearchResult[]> {
    const { efSearch } = this;
    return this.graph.search.searchMany(
      queries.map((query) => ({ ...query, efSearch: query.efSearch ?? efSearch })),
      signal,
    );
  }

  /**
   * Writes `hnsw.bin`, which any hnswlib opens, `hnsw.meta.json` and, with the native engine, its serving file. Not
   * atomic: write into a folder that nobody reads.
   * @throws IndexFileError
   */
  async save(folder: string): Promise<void> {
    await this.graph.save(folder, this.settings);
  }

  async close(): Promise<void> {
    await this.graph.search.close();
  }
}

async function buildNative(vectors: Float32Array, dim: number, options: NativeOptions): Promise<BuiltGraph> {
  const graph = await EngineGraph.build(vectors, dim, options);
  const index = await EngineIndex.fromGraph(graph, { threads: options.threads, float32: options.float32 });
  return {
    search: index,
    memoryBytes: index.info.bytes,
    float32: index.info.float32,
    precision: index.info.precision,
    save: async (folder, settings) => {
      await graph.save(folder, settings);
      await index.save(join(folder, servingFile), settings);
    },
  };
}

type NativeOptions = BuildOptions & Pick<SearchIndexOptions, 'threads' | 'float32'>;

async function buildHnswlib(vectors: Float32Array, dim: number, options: BuildOptions): Promise<BuiltGraph> {
  const index = await HnswIndex.build(vectors, dim, options);
  return {
    search: new CallerThreadIndex(index, index.efSearch),
    memoryBytes: index.memoryBytes,
    float32: 'kept',
    precision: 'float32',
    save: (folder, settings) => index.save(folder, settings),
  };
}
