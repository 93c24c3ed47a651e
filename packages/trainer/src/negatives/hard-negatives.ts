import type { TrainingConfig } from '@vector-recall/core-config';
import type { Split } from '@vector-recall/datasets';
import { ExactIndex } from '@vector-recall/hnsw-index';
import type { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import { type EventBatches, firstEvents } from '../batches/event-batches';

export type HardNegativesConfig = Pick<TrainingConfig, 'hardNegatives' | 'hardNegativeDepth' | 'hardNegativeRefresh'>;

/**
 * Negatives that the model itself takes for likely (ANCE, Xiong et al. 2021, section 3): every so many steps all items
 * are encoded and indexed as the model stands, and the events of the steps to come are asked for their nearest items.
 * One of those that its user does not have is drawn for each event.
 *
 * The index is exact: a graph that several threads build is not the same twice, and the same seed has to give the same
 * weights.
 */
export class HardNegatives {
  /** `[steps until the next refresh, hardNegatives]` */
  #mined: Int32Array;
  /** The items that may be mined: all but cold ones. */
  readonly #rows: Int32Array;

  /** @param mined what {@link state} gave, to go on where an interrupted training stopped */
  constructor(
    private readonly model: TwoTowerModel,
    private readonly split: Split,
    private readonly batches: EventBatches,
    private readonly config: HardNegativesConfig,
    mined: readonly number[],
  ) {
    this.#mined = Int32Array.from(mined);
    const cold = new Set(split.cold?.items);
    this.#rows = Int32Array.from({ length: model.inputs.items.count }, (_, row) => row).filter((row) => !cold.has(row));
  }

  /** What a checkpoint has to hold. */
  get state(): number[] {
    return [...this.#mined];
  }

  /** The items that step `step` of the epoch is contrasted with besides the others, `[hardNegatives]`. */
  of(step: number, random: RandomStream): Int32Array {
    const { hardNegatives, hardNegativeRefresh } = this.config;
    const sinceRefresh = step % hardNegativeRefresh;
    if (sinceRefresh === 0) this.#mine(step, random);
    return this.#mined.subarray(sinceRefresh * hardNegatives, (sinceRefresh + 1) * hardNegatives);
  }

  #mine(first: number, random: RandomStream): void {
    const { hardNegatives, hardNegativeRefresh } = this.config;
    const { stepsPerEpoch } = this.batches;
    const steps = Math.min(hardNegativeRefresh, stepsPerEpoch - first);
    const index = new ExactIndex(this.model.encodeItems(this.#rows), this.model.config.embeddingDim, 'ip');
    this.#mined = new Int32Array(steps * hardNegatives);
    for (let step = 0; step < steps; step++) {
      const mined = this.#mineStep(first + step, index, random);
      // A batch with fewer events than negatives asked for gives some of its negatives twice.
      for (let n = 0; n < hardNegatives; n++) this.#mined[step * hardNegatives + n] = mined[n % mined.length];
    }
  }

  /** One item for each of the first events of a step, whose order is random. */
  #mineStep(step: number, index: ExactIndex, random: RandomStream): Int32Array {
    const events = firstEvents(this.batches.batch(step), this.config.hardNegatives);
    const depth = Math.min(this.config.hardNegativeDepth, index.size);
    const found = index.searchBatch(this.model.encodeUsers(events.users), depth);
    return Int32Array.from(found, ({ labels }, n) => this.#drawUnknown(labels, events.owners[n], random));
  }

  /** One of the items that the user does not have in training; any item where there is none. */
  #drawUnknown(labels: Iterable<number>, user: number, random: RandomStream): number {
    const { log, trainEnd } = this.split;
    const own = new Set(log.items.subarray(log.offsets[user], trainEnd[user]));
    const unknown = Array.from(labels, (label) => this.#rows[label]).filter((item) => !own.has(item));
    const drawn = unknown.length === 0 ? this.#rows : unknown;
    return drawn[random.integer(drawn.length)];
  }
}
