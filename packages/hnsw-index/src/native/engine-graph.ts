import type { BuildOptions } from '../hnsw/build-graph';
import { checkGraphOptions, checkMemory } from '../hnsw/build-graph';
import type { SearchSettings } from '../hnsw/graph-meta';
import { saveGraph } from '../hnsw/graph-store';
import { checkMatrix, checkSpace } from '../validate';
import type { Space } from '../vector-index';
import { loadAddon, type GraphHandle, type ProgressHandle } from './addon';
import { aboutFile, engineError } from './engine-errors';
import {
  checkEngineDim,
  checkInstructions,
  checkThreads,
  spaceNumber,
  type EngineOptions,
  type MakingOptions,
} from './engine-options';

export type EngineBuildOptions = BuildOptions & EngineOptions & MakingOptions;

/** How often `onProgress` is told. */
const PROGRESS_MS = 100;

/**
 * A graph of hnswlib's, built by several threads while the event loop runs. With `threads: 1` the same vectors, options
 * and seed give the same graph; several threads insert in the order in which they get there.
 */
export class EngineGraph {
  private constructor(
    /** For the index that is made of it. */
    readonly handle: GraphHandle,
    readonly size: number,
    readonly dim: number,
    readonly space: Space,
    readonly config: EngineBuildOptions['config'],
  ) {}

  /**
   * @param vectors `[size, dim]`, finite, no zero row for `cosine`; copied, but not to be touched until this is done
   * @throws IndexArgumentError, IndexEngineError, or the reason of `options.signal`
   */
  static async build(vectors: Float32Array, dim: number, options: EngineBuildOptions): Promise<EngineGraph> {
    const { config, space = 'cosine', seed, signal } = options;
    signal?.throwIfAborted();
    checkSpace(space);
    checkEngineDim(dim);
    const count = checkMatrix('vectors', vectors, dim, space);
    checkGraphOptions(config, seed);
    // Candidates are looked for by codes of a byte per dimension.
    checkMemory(count, dim, config.m, dim);
    const threads = checkThreads(options.threads);
    const addon = loadAddon();
    const instructions = checkInstructions(options.instructions, addon.listKernels());
    const progress = addon.createProgress();
    const { m, efConstruction } = config;
    const built = addon.buildGraph(
      vectors,
      spaceNumber(space),
      dim,
      m,
      efConstruction,
      seed,
      threads,
      instructions,
      progress,
      options.priority === 'low',
    );
    return new EngineGraph(await watch(built, progress, count, options), count, dim, space, config);
  }

  /**
   * Writes `hnsw.bin`, which any hnswlib opens, and `hnsw.meta.json`. Not atomic: write into a folder that nobody reads.
   * @param settings how the graph is to be searched from then on; as it was built by default
   * @throws IndexFileError
   */
  async save(folder: string, settings: SearchSettings = { efSearch: this.config.efSearch }): Promise<void> {
    const { m, efConstruction } = this.config;
    const facts = { space: this.space, dim: this.dim, count: this.size, m, efConstruction, ...settings };
    await saveGraph(folder, (file) => aboutFile(file, loadAddon().saveGraph(this.handle, file)), facts);
  }
}

/** Tells the progress of a build, and ends it when the signal says so. */
async function watch(
  built: Promise<GraphHandle>,
  progress: ProgressHandle,
  count: number,
  { onProgress, signal }: EngineBuildOptions,
): Promise<GraphHandle> {
  const addon = loadAddon();
  const cancel = (): void => {
    addon.cancelBuild(progress);
  };
  const tell = (): void => {
    onProgress?.(addon.readProgress(progress), count);
  };
  const timer = setInterval(tell, PROGRESS_MS);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const graph = await built;
    onProgress?.(count, count);
    return graph;
  } catch (error) {
    signal?.throwIfAborted();
    throw engineError(error);
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
  }
}
