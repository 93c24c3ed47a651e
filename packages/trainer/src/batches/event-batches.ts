import type { Split } from '@vector-recall/datasets';
import type { RandomStream } from '@vector-recall/random';
import { drawHidden, hideContext, hideTypes } from './hidden-inputs';
import { type BatchOptions, type Batches, type EventBatch, requireExamples } from './batches';
import { weighEvents } from './event-weights';
import { countExamples, examples } from './examples';
import { HistoryGatherer } from './histories';

/**
 * Every example of a split once per epoch, in batches of a fresh order: the training events, or those of them that the
 * split marks as examples. All events stay in the histories.
 *
 * An event is a user and a position in their training history; its input is what came strictly before. One int32 per
 * event holds the order, nothing else grows with their number. A last batch that is not full is left out: the order
 * changes at every epoch, so that no event is left out for good.
 */
export class EventBatches implements Batches {
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
  /** 1 for an example whose context is hidden, `[examples]`; absent where events have none. */
  readonly #hidesContext?: Uint8Array;
  /** 1 for an example whose history does not tell the types of its events, `[examples]`; absent where none does. */
  readonly #hidesTypes?: Uint8Array;

  /** @throws TrainingDataError when there are fewer than two events, which leaves nothing to contrast */
  constructor(split: Split, options: BatchOptions) {
    this.#split = split;
    this.#unknownShare = options.unknownUsers ?? 0;
    this.#histories = new HistoryGatherer(split.log, options.historyLength);
    this.eventCount = requireExamples(countExamples(split));
    this.batchSize = Math.min(options.batchSize, this.eventCount);
    this.stepsPerEpoch = Math.floor(this.eventCount / this.batchSize);
    this.#order = new Int32Array(this.eventCount);
    this.#rows = new Int32Array(this.batchSize);
    this.#users = new Int32Array(this.batchSize);
    this.#ends = new Int32Array(this.batchSize);
    this.#positives = new Int32Array(this.batchSize);
    this.#weights = new Float32Array(this.batchSize);
    if (split.log.context) this.#hidesContext = new Uint8Array(this.eventCount);
    if (split.log.types?.inHistories === true) this.#hidesTypes = new Uint8Array(this.eventCount);
    this.#eventWeights = weighEvents(split, options.halfLifeDays ?? 0);
  }

  shuffle(random: RandomStream): void {
    let filled = 0;
    for (const at of examples(this.#split)) this.#order[filled++] = at;
    random.shuffle(this.#order);
    if (this.#hidesContext) drawHidden(this.#hidesContext, random);
    if (this.#hidesTypes) drawHidden(this.#hidesTypes, random);
    if (this.#unknownShare === 0) return;
    for (let n = 0; n < filled; n++) if (random.uniform() < this.#unknownShare) this.#order[n] = ~this.#order[n];
  }

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
    const gathered = this.#histories.gather(this.#rows, this.#ends);
    if (this.#hidesContext) hideContext(gathered.context, this.#hidesContext.subarray(start));
    if (this.#hidesTypes) hideTypes(gathered, this.#hidesTypes.subarray(start));
    const users = { ...gathered, users: this.#users };
    const weights = this.#eventWeights && this.#weights;
    return { users, positives: this.#positives, weights };
  }
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
