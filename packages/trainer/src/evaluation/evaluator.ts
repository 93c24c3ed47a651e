import { setImmediate } from 'node:timers/promises';
import { isAcquisition } from '@vector-recall/datasets';
import { MetricAccumulator, UNREACHABLE } from './metrics';
import type { Metrics } from './evaluation-report';
import { rankScoreRows } from './rank-rows';
import type { Scorer } from './scorer';
import type { EvaluationTask } from './task';

/** Scores held at a time: 16 MB, so that a row is still near when it is ranked; 64 MB took a third longer. */
const BLOCK_SCORES = 4 * 1024 * 1024;

export interface EvaluateOptions {
  readonly onProgress?: (users: number, total: number) => void;
  /** Told the ranks of each user's held-out items, in the order of the task; see `rankOf`. Valid during the call. */
  readonly onRanks?: (ranks: readonly number[]) => void;
  readonly signal?: AbortSignal;
}

/**
 * Ranks the whole catalogue for every user of a task. The catalogue is every item that occurs before the held-out
 * events, and the task's new items; a target outside of it is a miss for every scorer. What a user already has is masked.
 */
export class Evaluator {
  /** Item rows that are ranked, ascending. */
  readonly catalogue: Int32Array;
  /** Users whose target is outside the catalogue. */
  readonly unreachable: number;
  readonly #columnOf: Int32Array;
  readonly #popularity: Int32Array;
  /** Ranks of the user under way, where a user has several. */
  readonly #pending: number[] = [];
  readonly #cutoffs: readonly number[];

  /** @param cutoffs list lengths K, in any order */
  constructor(
    readonly task: EvaluationTask,
    cutoffs: readonly number[],
  ) {
    this.#cutoffs = [...new Set(cutoffs)].sort((a, b) => a - b);
    this.#columnOf = new Int32Array(task.counts.length).fill(-1);
    this.catalogue = catalogueOf(task);
    this.catalogue.forEach((item, column) => (this.#columnOf[item] = column));
    this.#popularity = this.catalogue.map((item) => task.counts[item]);
    this.unreachable = task.targets.reduce((sum, item) => sum + (this.#columnOf[item] < 0 ? 1 : 0), 0);
  }

  /** @throws the signal's reason when it is aborted between two blocks */
  async evaluate(scorer: Scorer, options: EvaluateOptions = {}): Promise<Metrics> {
    const { users } = this.task;
    const columns = this.catalogue.length;
    const blockUsers = Math.max(1, Math.min(users.length, Math.floor(BLOCK_SCORES / columns)));
    const scores = new Float32Array(blockUsers * columns);
    const accumulator = new MetricAccumulator(this.#cutoffs, this.#popularity);
    this.#pending.length = 0;
    scorer.prepare?.(this.catalogue);
    try {
      for (let first = 0; first < users.length; first += blockUsers) {
        options.signal?.throwIfAborted();
        const block = users.subarray(first, first + blockUsers);
        const ofBlock = scores.subarray(0, block.length * columns);
        scorer.score(block, this.catalogue, ofBlock);
        this.#rank(first, ofBlock, accumulator, options.onRanks);
        options.onProgress?.(first + block.length, users.length);
        await setImmediate();
      }
    } finally {
      scorer.dispose?.();
    }
    return accumulator.result();
  }

  /** @param scores of the users from entry `first` on, `[users, columns]` */
  #rank(
    first: number,
    scores: Float32Array,
    accumulator: MetricAccumulator,
    onRanks?: EvaluateOptions['onRanks'],
  ): void {
    const columns = this.catalogue.length;
    const users = scores.length / columns;
    for (let n = 0; n < users; n++) this.#mask(first + n, scores, n * columns);
    const targets = this.task.targets.slice(first, first + users).map((item) => this.#columnOf[item]);
    const k = Math.min(this.#cutoffs.at(-1) ?? 1, columns);
    const { ranks, shown, shownCounts } = rankScoreRows({ scores, columns, targets }, k);
    for (let n = 0; n < users; n++) {
      this.#pending.push(ranks[n] < 0 ? UNREACHABLE : ranks[n]);
      if (this.#isJudgedWithNext(first + n)) continue;
      onRanks?.(this.#pending);
      accumulator.add(this.#pending, shown.subarray(n * k, n * k + shownCounts[n]));
      this.#pending.length = 0;
    }
  }

  #isJudgedWithNext(entry: number): boolean {
    const { isPerUser, users } = this.task;
    return isPerUser === true && entry + 1 < users.length && users[entry + 1] === users[entry];
  }

  /** What a user already has is not shown to them; where purchases are the target, what they only looked at is. */
  #mask(entry: number, scores: Float32Array, start: number): void {
    const { log, users, ends, maskEnds = ends } = this.task;
    const user = users[entry];
    for (let at = log.offsets[user]; at < maskEnds[user]; at++) {
      const column = this.#columnOf[log.items[at]];
      if (column >= 0 && isAcquisition(log, at)) scores[start + column] = -Infinity;
    }
  }
}

function catalogueOf({ counts, newItems = new Int32Array(0) }: EvaluationTask): Int32Array {
  const isNew = new Uint8Array(counts.length);
  for (const item of newItems) isNew[item] = 1;
  const rows = Int32Array.from({ length: counts.length }, (_, item) => item);
  return rows.filter((item) => counts[item] > 0 || isNew[item] === 1);
}
