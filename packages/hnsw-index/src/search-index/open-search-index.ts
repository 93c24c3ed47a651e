import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConcurrentIndex } from '../concurrent-index';
import type { SearchSettings } from '../hnsw/graph-meta';
import { readGraphMeta } from '../hnsw/graph-store';
import { IndexFileError } from '../errors';
import { EngineIndex, type OpenOptions } from '../native/engine-index';
import type { SharedFile } from '../native/shared-file';
import { WorkerIndex } from '../threads/worker-index';
import { chooseEngine, type EngineChoice, type EngineName } from './choose-engine';
import { servingFile } from './search-index';

export interface OpenSearchIndexOptions {
  /** Threads that search, at least 1. Default: one for each processor. */
  readonly threads?: number;
  /** Whether a file of the folder is part of the index: others are not opened. Default: all are. */
  readonly isListed?: (file: string) => boolean;
  /** See `OpenOptions`. Default `copied`. */
  readonly memory?: 'mapped' | 'copied';
  /** Asked for a copy of the serving file that several processes map; without one, `memory` counts. */
  readonly share?: (file: string) => Promise<SharedFile | undefined>;
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
  { threads, isListed = () => true, memory, share, exactScores = false }: OpenSearchIndexOptions,
): Promise<EngineIndex> {
  const file = join(folder, servingFile);
  const index = isListed(servingFile) ? await openServingFile(file, { threads, memory }, share) : undefined;
  if (index === undefined) return EngineIndex.fromGraph(folder, { threads, float32: exactScores ? 'kept' : 'auto' });
  if (!exactScores || index.info.float32 === 'kept') return index;
  await index.close();
  return EngineIndex.fromGraph(folder, { threads, float32: 'kept', efSearch: index.efSearch });
}

/** @returns undefined where there is none, or one of an older release */
async function openServingFile(
  file: string,
  options: OpenOptions,
  share: OpenSearchIndexOptions['share'],
): Promise<EngineIndex | undefined> {
  if (!(await isThere(file))) return undefined;
  const shared = await share?.(file);
  try {
    return await EngineIndex.open(file, shared === undefined ? options : { ...options, memory: shared });
  } catch (error) {
    if (error instanceof IndexFileError && error.fault === 'outdated') return undefined;
    throw error;
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
