import type { InteractionLog, Split } from '@vector-recall/datasets';
import type { RandomStream } from '@vector-recall/random';
import type { UserBatch } from '@vector-recall/towers';
import { drawHidden, hideTypes } from './hidden-inputs';
import { requireExamples, type Batches, type BatchOptions, type EventBatch } from './batches';
import { weighEvents } from './event-weights';
import { countExamples } from './examples';

/** Windows of a stretch that are sorted by length before it is cut into batches, in batches. */
const STRETCH = 16;

/**
 * The examples of a split once per epoch, a whole stretch of a user's events at a time: for encoders that read sequences
 * and give the state at every place at once (SASRec, Kang & McAuley 2018, section III-E).
 *
 * A user's events are cut from the newest backwards into windows, so that each event is predicted once, from at most
 * `historyLength` items before it. A batch holds as many windows as make `batchSize` examples on average. Windows of
 * similar length go together, which keeps padding small; the order of batches, and which windows are near each other,
 * change at every epoch.
 */
export class SequenceBatches implements Batches {
  readonly eventCount: number;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly #windowsPerBatch: number;
  /** Position in `log.items` of the oldest event of each window, and the end of the window, exclusive. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #owners: Int32Array;
  readonly #order: Int32Array;
  readonly #isHidden: Uint8Array;
  readonly #eventWeights?: Float32Array;
  /** `[events]` of the log, 1 for one whose context is hidden; absent where events have none. */
  readonly #hidesContext?: Uint8Array;
  /** By window, 1 for one that does not tell the types of its events; absent where none does. */
  readonly #hidesTypes?: Uint8Array;

  /** @throws TrainingDataError when there are fewer than two examples, which leaves nothing to contrast */
  constructor(
    private readonly split: Split,
    private readonly options: BatchOptions,
  ) {
    this.eventCount = requireExamples(countExamples(split));
    const windows = cutWindows(split, options.historyLength);
    this.#starts = Int32Array.from(windows, ({ start }) => start);
    this.#ends = Int32Array.from(windows, ({ end }) => end);
    this.#owners = Int32Array.from(windows, ({ user }) => user);
    const count = windows.length;
    this.batchSize = Math.min(options.batchSize, this.eventCount);
    this.#windowsPerBatch = Math.max(1, Math.round((this.batchSize * count) / this.eventCount));
    this.stepsPerEpoch = Math.ceil(count / this.#windowsPerBatch);
    this.#order = new Int32Array(count);
    this.#isHidden = new Uint8Array(count);
    if (split.log.context) this.#hidesContext = new Uint8Array(split.log.items.length);
    if (split.log.types?.inHistories === true) this.#hidesTypes = new Uint8Array(count);
    this.#eventWeights = weighEvents(split, options.halfLifeDays ?? 0);
  }

  shuffle(random: RandomStream): void {
    const order = Int32Array.from(this.#order.keys());
    random.shuffle(order);
    const stretch = STRETCH * this.#windowsPerBatch;
    const length = (window: number): number => this.#ends[window] - this.#starts[window];
    for (let at = 0; at < order.length; at += stretch) {
      order.subarray(at, at + stretch).sort((a, b) => length(a) - length(b) || a - b);
    }
    const batches = Int32Array.from({ length: this.stepsPerEpoch }, (_, step) => step);
    random.shuffle(batches);
    let filled = 0;
    for (const batch of batches) {
      const windows = order.subarray(batch * this.#windowsPerBatch, (batch + 1) * this.#windowsPerBatch);
      // The batch that is not full goes last, so that a step finds its windows by its number alone.
      if (windows.length < this.#windowsPerBatch) {
        this.#order.set(windows, order.length - windows.length);
      } else {
        this.#order.set(windows, filled);
        filled += windows.length;
      }
    }
    const { unknownUsers = 0 } = this.options;
    if (this.#hidesContext) drawHidden(this.#hidesContext, random);
    if (this.#hidesTypes) drawHidden(this.#hidesTypes, random);
    if (unknownUsers === 0) return;
    for (let n = 0; n < order.length; n++) this.#isHidden[n] = random.uniform() < unknownUsers ? 1 : 0;
  }

  batch(step: number): EventBatch {
    const { log, isExample } = this.split;
    const windows = this.#order.subarray(step * this.#windowsPerBatch, (step + 1) * this.#windowsPerBatch);
    const historyOffsets = new Int32Array(windows.length + 1);
    const historyItems: number[] = [];
    const historyTypes: number[] = [];
    const types = log.types?.inHistories === true ? log.types.values : undefined;
    const [users, of, lengths, positions]: number[][] = [[], [], [], []];
    windows.forEach((window, sequence) => {
      const [start, end] = [this.#starts[window], this.#ends[window]];
      const owner = this.#owners[window];
      for (let at = start; at < end; at++) {
        if (at < end - 1) {
          historyItems.push(log.items[at]);
          if (types) historyTypes.push(types[at]);
        }
        // The oldest event of a window follows nothing, which is true of a user's first event only.
        if (isExample?.[at] === 0 || (at === start && at !== log.offsets[owner])) continue;
        users.push(this.#isHidden[step * this.#windowsPerBatch + sequence] === 1 ? -1 : owner);
        of.push(sequence);
        lengths.push(at - start);
        positions.push(at);
      }
      historyOffsets[sequence + 1] = historyItems.length;
    });
    const batch: UserBatch = {
      users: Int32Array.from(users),
      historyOffsets,
      historyItems: Int32Array.from(historyItems),
      ...(types && { historyTypes: Int32Array.from(historyTypes) }),
      sequences: { of: Int32Array.from(of), lengths: Int32Array.from(lengths) },
    };
    if (this.#hidesTypes) hideTypes(batch, this.#hidesTypes.subarray(step * this.#windowsPerBatch));
    const eventWeights = this.#eventWeights;
    return {
      users: log.context ? { ...batch, context: this.#contextAt(positions, log.context) } : batch,
      positives: Int32Array.from(positions, (at) => log.items[at]),
      weights: eventWeights && Float32Array.from(positions, (at) => eventWeights[at]),
    };
  }

  #contextAt(positions: readonly number[], context: NonNullable<InteractionLog['context']>): Int32Array[] {
    return context.map(({ values }) =>
      Int32Array.from(positions, (at) => (this.#hidesContext?.[at] === 1 ? -1 : values[at])),
    );
  }
}

interface Window {
  readonly user: number;
  readonly start: number;
  readonly end: number;
}

/** Windows of at most `length` + 1 events; neighbours share one, the last that one reads and the first that the other does. */
function cutWindows({ log, trainEnd, isExample }: Split, length: number): Window[] {
  const windows: Window[] = [];
  for (let user = 0; user < log.userCount; user++) {
    const first = log.offsets[user];
    for (let end = trainEnd[user]; end > first; end -= length) {
      const start = Math.max(first, end - length - 1);
      // A window that began with the first event has predicted it.
      if (end - start === 1 && end !== trainEnd[user]) break;
      if (isExample === undefined || isExample.subarray(start, end).includes(1)) windows.push({ user, start, end });
    }
  }
  return windows;
}
