import { openSearchIndex, type OpenedIndex } from '@vector-recall/hnsw-index';

export interface SearchEngineOptions {
  /** Threads that search, at least 1; default the processor's cores. */
  readonly searchThreads?: number;
}

/**
 * Opens the index of an artifact for serving: the one place that decides who searches.
 *
 * @param folder of a version whose files have just been verified
 * @throws IndexFileError, IndexEngineError
 */
export async function openConcurrentIndex(
  folder: string,
  { searchThreads }: SearchEngineOptions,
): Promise<OpenedIndex> {
  return openSearchIndex(folder, { threads: searchThreads, isVerified: true });
}
