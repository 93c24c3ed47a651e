import type { Split } from '@vector-recall/datasets';
import type { RandomStream } from '@vector-recall/random';
import type { UserBatch } from '@vector-recall/towers';
import { TrainingDataError } from '../errors';
import { weighByAge } from './event-weights';
import { HistoryGatherer } from './histories';

export interface EventBatch {
  readonly users: UserBatch;
  /** The items that followed the histories, `[batch]`. */
  readonly positives: Int32Array;
  /** Whose events they are, `[batch]`, hidden or not. */
  readonly owners: Int32Array;
  /** How much each event counts in the loss, `[batch]`; absent where all count alike. */
  readonly weights?: Float32Array;
}

/**
 * Every training event once per epoch, in batches of a fresh order.
 *
 * An event is a user and a position in their training history; its input is what came strictly before. One int32 per
 * event holds the order, nothing else grows with their number. A last batch that is not full is left out: the order
 * changes at every epoch, so that no event is left out for good.
 */
export class EventBatches {
  readonly eventCount: number;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly #split: Split;
  readonly #histories: HistoryGatherer;
  readonly #unknownShare: number;
  /** Positions in `log.items`; the bits of a position are turned over where the user counts as unknown. */
  readonly #order: Int32Array;
  /** Whose history is read. */
  readonly #rows: Int32Array;
  /** As the model sees them: -1 where the user counts as unknown. */
  readonly #users: Int32Array;
  readonly #ends: Int32Array;
  readonly #positives: Int32Array;
  /** Of every event of the log. */
  readonly #eventWeights?: Float32Array;
  readonly #weights: Float32Array;

  /**
   * @param options `unknownUsers` is the share of events, [0, 1), whose user is hidden, so that the model learns to
   *   serve strangers from their history alone; `halfLifeDays` is the age at which an event counts half, 0 for never
   * @throws TrainingDataError when there are fewer than two events, which leaves nothing to contrast
   */
  constructor(
    split: Split,
    options: { batchSize: number; historyLength: number; unknownUsers?: number; halfLifeDays?: number },
  ) {
    this.#split = split;
    this.#unknownShare = options.unknownUsers ?? 0;
    this.#histories = new HistoryGatherer(split.log, options.historyLength);
    this.eventCount = countEvents(split);
    if (this.eventCount < 2) {
      throw new TrainingDataError(
        `There are ${this.eventCount} training events; training needs at least 2. Give a longer interaction log.`,
      );
    }
    this.batchSize = Math.min(options.batchSize, this.eventCount);
    this.stepsPerEpoch = Math.floor(this.eventCount / this.batchSize);
    this.#order = new Int32Array(this.eventCount);
    this.#rows = new Int32Array(this.batchSize);
    this.#users = new Int32Array(this.batchSize);
    this.#ends = new Int32Array(this.batchSize);
    this.#positives = new Int32Array(this.batchSize);
    this.#weights = new Float32Array(this.batchSize);
    if (options.halfLifeDays) this.#eventWeights = weighByAge(split, options.halfLifeDays);
  }

  /** Puts all events in an order that only the stream decides. */
  shuffle(random: RandomStream): void {
    const { log, trainEnd } = this.#split;
    let filled = 0;
    for (let user = 0; user < log.userCount; user++) {
      for (let at = log.offsets[user]; at < trainEnd[user]; at++) this.#order[filled++] = at;
    }
    random.shuffle(this.#order);
    if (this.#unknownShare === 0) return;
    for (let n = 0; n < filled; n++) if (random.uniform() < this.#unknownShare) this.#order[n] = ~this.#order[n];
  }

  /**
   * The batch of a step, 0 to `stepsPerEpoch` − 1, of the order that {@link shuffle} made.
   * Its arrays are overwritten by the next call.
   */
  batch(step: number): EventBatch {
    const { log } = this.#split;
    const start = step * this.batchSize;
    for (let n = 0; n < this.batchSize; n++) {
      const entry = this.#order[start + n];
      const at = entry < 0 ? ~entry : entry;
      this.#rows[n] = userAt(log.offsets, at);
      this.#users[n] = entry < 0 ? -1 : this.#rows[n];
      this.#ends[n] = at;
      this.#positives[n] = log.items[at];
      if (this.#eventWeights) this.#weights[n] = this.#eventWeights[at];
    }
    const users = { ...this.#histories.gather(this.#rows, this.#ends), users: this.#users };
    const weights = this.#eventWeights && this.#weights;
    return { users, positives: this.#positives, owners: this.#rows, weights };
  }
}

/** The first `count` events of a batch, or all where there are fewer; views of its arrays. */
export function firstEvents({ users, positives, owners, weights }: EventBatch, count: number): EventBatch {
  const { historyOffsets, historyItems } = users;
  const kept = Math.min(count, positives.length);
  return {
    users: {
      users: users.users.subarray(0, kept),
      historyOffsets: historyOffsets.subarray(0, kept + 1),
      historyItems: historyItems.subarray(0, historyOffsets[kept]),
    },
    positives: positives.subarray(0, kept),
    owners: owners.subarray(0, kept),
    weights: weights?.subarray(0, kept),
  };
}

function countEvents(split: Split): number {
  let count = 0;
  for (let user = 0; user < split.log.userCount; user++) count += split.trainEnd[user] - split.log.offsets[user];
  return count;
}

/** The user whose stretch of the log holds a position: the last one with `offsets[user] <= position`. */
function userAt(offsets: Int32Array, position: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (offsets[middle] <= position) low = middle;
    else high = middle;
  }
  return low;
}
