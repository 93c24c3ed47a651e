import type { BuildOptions } from '../hnsw/build-graph';
import { checkGraphOptions, checkMemory } from '../hnsw/build-graph';
import type { SearchSettings } from '../hnsw/graph-meta';
import { saveGraph } from '../hnsw/graph-store';
import { IndexArgumentError } from '../errors';
import { checkMatrixInTurns, checkSpace } from '../validate';
import type { Space } from '../vector-index';
import { loadAddon, type GraphHandle, type HowBuilt, type IndexHandle } from './addon';
import { aboutFile, engineError } from './engine-errors';
import {
  checkEngineDim,
  checkInstructions,
  makingThreads,
  spaceNumber,
  type EngineOptions,
  type MakingOptions,
} from './engine-options';

export type EngineBuildOptions = BuildOptions & EngineOptions & MakingOptions;

/** Where a graph was built before, its options are those of the graph. */
export type UpdateOptions = Omit<EngineBuildOptions, 'config' | 'space'>;

/** An index of the engine's, as a graph is made from its links. */
export interface UpdatedIndex {
  readonly handle: IndexHandle;
  readonly size: number;
  readonly dim: number;
  readonly space: Space;
  readonly config: EngineBuildOptions['config'];
}

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
    const { config, space = 'cosine' } = options;
    options.signal?.throwIfAborted();
    checkSpace(space);
    checkEngineDim(dim);
    const count = await checkVectors(vectors, { dim, space, config }, options);
    const { m, efConstruction } = config;
    const built = await linked(count, options, (...how) =>
      loadAddon().buildGraph(vectors, spaceNumber(space), dim, m, efConstruction, ...how),
    );
    return new EngineGraph(built, count, dim, space, config);
  }

  /**
   * A graph of other rows, most of which an index holds too: they keep their links, of which those to rows that are gone
   * are replaced, and only the others are inserted.
   * @param rows `[base.size]`: which of the vectors each row of the index is, none of them twice; -1 where it is gone
   * @param vectors `[size, dim]`, as of a build
   * @throws IndexArgumentError, IndexEngineError, or the reason of `options.signal`
   */
  static async update(
    base: UpdatedIndex,
    rows: Int32Array,
    vectors: Float32Array,
    options: UpdateOptions,
  ): Promise<EngineGraph> {
    options.signal?.throwIfAborted();
    const count = await checkVectors(vectors, base, options);
    checkKeptRows(rows, base.size, count);
    const built = await linked(count, options, (...how) => loadAddon().updateGraph(base.handle, rows, vectors, ...how));
    return new EngineGraph(built, count, base.dim, base.space, base.config);
  }

  /** Frees its memory at once, beside the event loop; it is not to be used any more. What was made of it stays. */
  close(): Promise<void> {
    return loadAddon().dropGraph(this.handle);
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

function checkKeptRows(rows: Int32Array, size: number, count: number): void {
  if (rows.length !== size) {
    throw new IndexArgumentError('rows', `rows has ${rows.length} values, but the index has ${size} rows.`);
  }
  const isKept = new Uint8Array(count);
  for (const row of rows) {
    if (row === -1) continue;
    if (row < 0 || row >= count) {
      throw new IndexArgumentError('rows', `rows holds ${row}, but there are ${count} vectors.`);
    }
    if (isKept[row] === 1) throw new IndexArgumentError('rows', `rows holds ${row} twice.`);
    isKept[row] = 1;
  }
}

/** @returns rows of a graph of such vectors */
async function checkVectors(
  vectors: Float32Array,
  { dim, space, config }: Pick<UpdatedIndex, 'dim' | 'space' | 'config'>,
  { seed }: UpdateOptions,
): Promise<number> {
  const count = await checkMatrixInTurns('vectors', vectors, dim, space);
  checkGraphOptions(config, seed);
  // Candidates are looked for by codes of a byte per dimension.
  checkMemory(count, dim, config.m, dim);
  return count;
}

/** Has the rows of a graph linked, tells how far that is, and ends it when the signal says so. */
async function linked(
  count: number,
  options: UpdateOptions,
  link: (...how: HowBuilt) => Promise<GraphHandle>,
): Promise<GraphHandle> {
  const threads = makingThreads(options);
  const addon = loadAddon();
  const instructions = checkInstructions(options.instructions, addon.listKernels());
  const progress = addon.createProgress();
  const { seed, priority, onProgress, signal } = options;
  const built = link(seed, threads, instructions, progress, priority === 'low');
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
