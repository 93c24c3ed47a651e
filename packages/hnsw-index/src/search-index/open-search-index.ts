import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConcurrentIndex } from '../concurrent-index';
import type { SearchSettings } from '../hnsw/graph-meta';
import { readGraphMeta } from '../hnsw/graph-store';
import { EngineIndex } from '../native/engine-index';
import { WorkerIndex } from '../threads/worker-index';
import { chooseEngine, type EngineChoice, type EngineName } from './choose-engine';
import { servingFile } from './search-index';

export interface OpenSearchIndexOptions {
  /** Threads that search, at least 1. Default: one for each processor. */
  readonly threads?: number;
  /** Whether somebody has just compared the files with their checksums. */
  readonly isVerified?: boolean;
  /**
   * Whether queries may ask for `exactScores`. Where the serving file was made without float32, one is made anew from the
   * graph, in memory, which takes seconds for a million vectors.
   */
  readonly exactScores?: boolean;
  /** Default: the one that `chooseEngine` finds. */
  readonly engine?: EngineName;
}

/** An index, and who searches it. */
export interface OpenedIndex extends EngineChoice {
  readonly index: ConcurrentIndex;
  /** How its `efSearch` was chosen; absent where it was given. */
  readonly tuning?: SearchSettings['tuning'];
}

/**
 * Opens a saved index for searching: with the native engine its serving file, or the graph where there is none, as in
 * folders of older releases; without the engine the graph, by threads of hnswlib-node.
 *
 * @param folder what {@link SearchIndex.save} has written
 * @throws IndexFileError, IndexEngineError, IndexArgumentError
 */
export async function openSearchIndex(folder: string, options: OpenSearchIndexOptions = {}): Promise<OpenedIndex> {
  const { dim, tuning } = await readGraphMeta(folder);
  const choice: EngineChoice = options.engine === undefined ? chooseEngine(dim) : { engine: options.engine };
  const { threads } = options;
  if (choice.engine === 'hnswlib-node')
    return { ...choice, tuning, index: await WorkerIndex.open(folder, { threads }) };
  const index = await openEngine(folder, options);
  return { ...choice, instructions: index.info.instructions, tuning, index };
}

async function openEngine(
  folder: string,
  { threads, isVerified = false, exactScores = false }: OpenSearchIndexOptions,
): Promise<EngineIndex> {
  const file = join(folder, servingFile);
  if (await isThere(file)) {
    const index = await EngineIndex.open(file, { threads, verify: isVerified ? 'header' : 'checksums' });
    if (!exactScores || index.info.float32 === 'kept') return index;
    await index.close();
    return EngineIndex.fromGraph(folder, { threads, float32: 'kept', efSearch: index.efSearch });
  }
  return EngineIndex.fromGraph(folder, { threads, float32: exactScores ? 'kept' : 'dropped' });
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
