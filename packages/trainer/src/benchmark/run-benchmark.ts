import { performance } from 'node:perf_hooks';
import type { InteractionLog } from '@vector-recall/datasets';
import type { ConcurrentIndex, IndexQuery } from '@vector-recall/hnsw-index';
import type { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import { HistoryGatherer, type HistoryLog } from '../batches/histories';
import type { BatchReport, BenchmarkReport } from './benchmark-report';
import { measureEncoding } from './encode-time';
import { summariseLatency } from './latency';

const BATCH_SIZES = [16, 32, 64, 128];

/** Queries before the clock starts: compilers and caches settle. */
const WARM_UP = 20;

export interface BenchmarkSubject {
  readonly model: TwoTowerModel;
  readonly index: ConcurrentIndex;
  /** `[users, dim]` */
  readonly userVectors: Float32Array;
  readonly log: HistoryLog & Pick<InteractionLog, 'userCount'>;
}

export interface BenchmarkOptions {
  readonly topK: number;
  readonly queries: number;
  readonly random: RandomStream;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Asks for candidates as one waiting caller does, then in batches. */
export async function runBenchmark(subject: BenchmarkSubject, options: BenchmarkOptions): Promise<BenchmarkReport> {
  const users = drawUsers(subject, options);
  const topK = Math.min(options.topK, subject.index.size);
  const search = async (vectors: Float32Array): Promise<void> => {
    await subject.index.searchMany(queriesOf(vectors, subject.index.dim, topK));
  };
  const searchStored = (batch: Int32Array): Promise<void> => search(storedVectors(subject, batch));
  const histories = new HistoryGatherer(subject.log, subject.model.config.historyLength);
  const endsOf = (batch: Int32Array): Int32Array => batch.map((user) => subject.log.offsets[user + 1]);
  const encodeAndSearch = (batch: Int32Array): Promise<void> =>
    search(subject.model.encodeUsers(histories.gather(batch, endsOf(batch))));

  const parts = 2 + 2 * BATCH_SIZES.length;
  let done = 0;
  const measure = async (batchSize: number, work: (batch: Int32Array) => Promise<void>): Promise<Float64Array> => {
    const times = await timeBatches(users, batchSize, work, options.signal);
    options.onProgress?.(++done, parts);
    return times;
  };
  const single = summariseLatency(await measure(1, searchStored));
  const encoded = summariseLatency(await measure(1, encodeAndSearch));
  const batches: BatchReport[] = [];
  for (const batchSize of BATCH_SIZES) {
    batches.push({
      batchSize,
      usersPerSecond: rate(batchSize, await measure(batchSize, searchStored)),
      encodedUsersPerSecond: rate(batchSize, await measure(batchSize, encodeAndSearch)),
    });
  }
  const encodeMsPerUser = measureEncoding(subject.model, histories, users, endsOf(users));
  return { topK, queries: users.length, single, encoded, encodeMsPerUser, batches };
}

function drawUsers(subject: BenchmarkSubject, { queries, random }: BenchmarkOptions): Int32Array {
  return Int32Array.from({ length: queries }, () => random.integer(subject.log.userCount));
}

function queriesOf(vectors: Float32Array, dim: number, k: number): IndexQuery[] {
  return Array.from({ length: vectors.length / dim }, (_, row) => ({
    vector: vectors.subarray(row * dim, (row + 1) * dim),
    k,
  }));
}

function storedVectors(subject: BenchmarkSubject, users: Int32Array): Float32Array {
  const { dim } = subject.index;
  const vectors = new Float32Array(users.length * dim);
  users.forEach((user, n) => {
    vectors.set(subject.userVectors.subarray(user * dim, (user + 1) * dim), n * dim);
  });
  return vectors;
}

/** Milliseconds of each full batch of the users, at least of one. */
async function timeBatches(
  users: Int32Array,
  batchSize: number,
  work: (batch: Int32Array) => Promise<void>,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const batchAt = (n: number): Int32Array =>
    Int32Array.from({ length: batchSize }, (_, k) => users[(n * batchSize + k) % users.length]);
  for (let n = 0; n < Math.max(1, WARM_UP / batchSize); n++) await work(batchAt(n));
  const times = new Float64Array(Math.max(1, Math.floor(users.length / batchSize)));
  for (let n = 0; n < times.length; n++) {
    const batch = batchAt(n);
    const startedAt = performance.now();
    await work(batch);
    times[n] = performance.now() - startedAt;
    signal?.throwIfAborted();
  }
  return times;
}

function rate(batchSize: number, times: Float64Array): number {
  return (1000 * batchSize * times.length) / times.reduce((sum, time) => sum + time, 0);
}
