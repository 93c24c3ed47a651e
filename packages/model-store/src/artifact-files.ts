/** The names of the files of an artifact. */
export const artifactFiles = {
  manifest: 'manifest.json',
  /** Weights of both towers. */
  towers: 'towers.safetensors',
  /** `[items, dim]` float32 */
  itemVectors: 'items.npy',
  /** `[users, dim]` float32 */
  userVectors: 'users.npy',
  /** The graph, in hnswlib's own format, and what that format does not say. */
  index: 'hnsw.bin',
  indexMeta: 'hnsw.meta.json',
  /** What the native engine maps into memory and searches, made from the graph; absent where it could not be had. */
  servingIndex: 'hnsw.engine',
  /** One JSON object per line: `{"id", "name"?, "category"?, "tags"?}`. */
  items: 'items.jsonl',
  /** One JSON object per line: `{"id"}`. */
  users: 'users.jsonl',
  /** Kinds of ids, labels and names of feature columns. */
  catalogue: 'catalogue.json',
  historyOffsets: 'history-offsets.npy',
  historyItems: 'history-items.npy',
  itemCategories: 'item-categories.npy',
  itemTagOffsets: 'item-tag-offsets.npy',
  itemTags: 'item-tags.npy',
  itemFeatures: 'item-features.npy',
  userFeatures: 'user-features.npy',
  metrics: 'metrics.json',
  report: 'report.html',
} as const;
