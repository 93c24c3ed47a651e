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
  const file = join(folder, servingFile);
  const index = (await isThere(file))
    ? await EngineIndex.open(file, { threads, verify: options.isVerified === true ? 'header' : 'checksums' })
    : await EngineIndex.fromGraph(folder, { threads });
  return { ...choice, instructions: index.info.instructions, tuning, index };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
