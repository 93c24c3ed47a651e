/** Times of single queries, in milliseconds, and queries per second of one caller that waits for each answer. */
export interface LatencyReport {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly qps: number;
}

export interface BatchReport {
  readonly batchSize: number;
  /** Known users: stored vector → top K. */
  readonly usersPerSecond: number;
  /** Fresh histories: user tower → top K. */
  readonly encodedUsersPerSecond: number;
}

/** Speed of retrieval inside one process, without a network. */
export interface BenchmarkReport {
  readonly topK: number;
  readonly queries: number;
  /** A known user: the stored vector is searched. */
  readonly single: LatencyReport;
  /** A fresh history: the user tower runs first. */
  readonly encoded: LatencyReport;
  /** Of serving, for fresh histories in batches of 32 on one thread, the search not included. */
  readonly encodeMsPerUser: number;
  readonly batches: readonly BatchReport[];
}
