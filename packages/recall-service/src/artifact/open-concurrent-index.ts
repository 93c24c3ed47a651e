import { openSearchIndex, type OpenedIndex, type OpenSearchIndexOptions } from '@vector-recall/hnsw-index';
import type { Artifact } from '@vector-recall/model-store';

export interface SearchEngineOptions {
  /** Threads that search, at least 1; default the processor's cores. */
  readonly searchThreads?: number;
  /** Asked for a copy of the index that several processes map; where there is none, this process makes its own. */
  readonly shareIndex?: OpenSearchIndexOptions['share'];
}

/**
 * Opens the index of an artifact for serving: the one place that decides who searches.
 *
 * @param artifact a version whose files have just been verified; only those that it lists are opened
 * @throws IndexFileError, IndexEngineError
 */
export async function openConcurrentIndex(
  { folder, has }: Pick<Artifact, 'folder' | 'has'>,
  { searchThreads, shareIndex }: SearchEngineOptions,
): Promise<OpenedIndex> {
  return openSearchIndex(folder, { threads: searchThreads, isListed: has, share: shareIndex });
}
