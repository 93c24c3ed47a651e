import { HnswIndex, type ConcurrentIndex, type IndexQuery, type SearchResult } from '@vector-recall/hnsw-index';

/**
 * Opens the index of an artifact for serving: the one place that decides which engine searches.
 *
 * @param folder of a version
 * @throws IndexFileError, IndexEngineError
 */
export async function openConcurrentIndex(folder: string): Promise<ConcurrentIndex> {
  const index = await HnswIndex.load(folder);
  const { size, dim, space, efSearch } = index;
  return {
    size,
    dim,
    space,
    efSearch,
    searchMany: (queries, signal) => {
      signal?.throwIfAborted();
      return Promise.resolve(queries.map((query) => search(index, query)));
    },
    close: () => Promise.resolve(),
  };
}

function search(index: HnswIndex, { vector, k, efSearch, exclude }: IndexQuery): SearchResult {
  return index.search(vector, k, { efSearch, exclude: exclude && new Set(exclude) });
}
