import { WorkerIndex, type ConcurrentIndex } from '@vector-recall/hnsw-index';

export interface SearchEngineOptions {
  /** Threads that search, at least 1; default the processor's cores. */
  readonly searchThreads?: number;
}

/**
 * Opens the index of an artifact for serving: the one place that decides which engine searches.
 *
 * @param folder of a version
 * @throws IndexFileError, IndexEngineError
 */
export async function openConcurrentIndex(
  folder: string,
  { searchThreads }: SearchEngineOptions,
): Promise<ConcurrentIndex> {
  return WorkerIndex.open(folder, { threads: searchThreads });
}
