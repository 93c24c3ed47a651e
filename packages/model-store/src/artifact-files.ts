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
  /** Kinds of ids, and what the fields of users and items mean; their values are in `user-field-0.npy` and so on. */
  catalogue: 'catalogue.json',
  /** Names and kinds of the attributes of items; their values are in `attribute-0-values.npy` and so on. */
  attributes: 'attributes.json',
  historyOffsets: 'history-offsets.npy',
  historyItems: 'history-items.npy',
  /** Absent where histories don't tell the types of their events. */
  historyTypes: 'history-types.npy',
  metrics: 'metrics.json',
  report: 'report.html',
} as const;
