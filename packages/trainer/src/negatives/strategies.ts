import type { TrainingConfig } from '@vector-recall/core-config';
import type { RandomStream } from '@vector-recall/random';
import type { Candidates } from './candidates';
import { createProposal, type Proposal } from './proposal';

/** Decides which items a batch is contrasted with. The arrays that it returns are overwritten by the next call. */
export interface NegativeStrategy {
  candidates(positives: Int32Array, random: RandomStream): Candidates;
}

export type NegativesConfig = Pick<
  TrainingConfig,
  'batchSize' | 'negatives' | 'numNegatives' | 'sharedPoolSize' | 'negativeSamplingPower' | 'logQCorrection'
>;

const NONE: Int32Array = new Int32Array(0);

/** Draws `numNegatives` items of its own for every positive. */
class SampledNegatives implements NegativeStrategy {
  readonly #columns: number;
  #items = new Int32Array(0);
  #logQ = new Float32Array(0);

  constructor(
    private readonly proposal: Proposal,
    numNegatives: number,
    private readonly corrected: boolean,
  ) {
    this.#columns = numNegatives + 1;
  }

  candidates(positives: Int32Array, random: RandomStream): Candidates {
    const batch = positives.length;
    const columns = this.#columns;
    if (this.#items.length !== batch * columns) this.#items = new Int32Array(batch * columns);
    const items = this.#items;
    this.proposal.draw(items, 0, random);
    for (let row = 0; row < batch; row++) items[row * columns] = positives[row];
    const plain: Candidates = { layout: 'per-row', items, positives, batch, columns };
    // A uniform q is the same constant in every column, which the softmax does not see.
    if (!this.corrected || this.proposal.isUniform) return plain;
    if (this.#logQ.length !== items.length) this.#logQ = new Float32Array(items.length);
    for (let n = 0; n < items.length; n++) this.#logQ[n] = Math.log(this.proposal.probability(items[n]));
    return { ...plain, logQ: this.#logQ };
  }
}

/**
 * Every row sees the positives of all rows, and `poolSize` drawn items when that is above 0
 * (mixed negative sampling, Yang et al. 2020, section 3.2).
 *
 * A column shows item i with the frequency of the two sources together: a batch of B holds i in
 * (B − 1)·p(i) of the other rows' positives, p being the item's share of the training events, and a pool of N holds
 * it N·q(i) times. What logQ corrects for is the mixture, log((B − 1)·p(i) + N·q(i)), whichever source a column came
 * from: that weight makes the sum over the columns an unbiased estimate of the sum over the catalogue
 * (the balance heuristic of Veach & Guibas 1995). With no pool it is log p(i) of Yi et al. 2019, up to a constant.
 */
class SharedNegatives implements NegativeStrategy {
  readonly #share: (item: number) => number;
  #items = new Int32Array(0);
  #logQ = new Float32Array(0);

  constructor(
    counts: Int32Array,
    /** Draws what a batch smaller than `batchSize` lacks, so that the number of columns is always the same. */
    private readonly positivesProposal: Proposal,
    private readonly poolProposal: Proposal,
    private readonly config: { batchSize: number; poolSize: number; corrected: boolean },
  ) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    this.#share = (item) => Math.max(counts[item], 1) / total;
  }

  candidates(positives: Int32Array, random: RandomStream): Candidates {
    const batch = positives.length;
    const inBatch = Math.max(batch, this.config.batchSize);
    const columns = inBatch + this.config.poolSize;
    if (this.#items.length !== columns) {
      this.#items = new Int32Array(columns);
      this.#logQ = new Float32Array(columns);
    }
    const items = this.#items;
    items.set(positives);
    if (inBatch > batch) this.positivesProposal.draw(items.subarray(0, inBatch), batch, random);
    this.poolProposal.draw(items, inBatch, random);
    const plain: Candidates = { layout: 'shared', items, positives, batch, columns };
    if (!this.config.corrected) return plain;
    for (let n = 0; n < columns; n++) this.#logQ[n] = Math.log(this.#expectedCount(items[n], inBatch));
    return { ...plain, logQ: this.#logQ };
  }

  #expectedCount(item: number, inBatch: number): number {
    return (inBatch - 1) * this.#share(item) + this.config.poolSize * this.poolProposal.probability(item);
  }
}

/**
 * Every row sees its own positive and a pool that all rows share. A row's positive is there for certain and not by
 * chance, so it is not corrected; what is drawn stands for the rest of the catalogue, log(N·q(i)) (the correction of
 * Khrylchenko et al. 2025, arXiv 2507.09331, section 3, without its weight on the row).
 */
class PooledNegatives implements NegativeStrategy {
  #items = new Int32Array(0);
  #logQ = new Float32Array(0);

  constructor(
    private readonly proposal: Proposal,
    private readonly poolSize: number,
    private readonly corrected: boolean,
  ) {}

  candidates(positives: Int32Array, random: RandomStream): Candidates {
    const batch = positives.length;
    const { poolSize, proposal } = this;
    if (this.#items.length !== batch + poolSize) {
      this.#items = new Int32Array(batch + poolSize);
      this.#logQ = new Float32Array(batch + poolSize);
    }
    const items = this.#items;
    items.set(positives);
    proposal.draw(items, batch, random);
    const plain: Candidates = { layout: 'pool', items, positives, batch, columns: poolSize + 1 };
    if (!this.corrected) return plain;
    for (let n = batch; n < items.length; n++) this.#logQ[n] = Math.log(poolSize * proposal.probability(items[n]));
    return { ...plain, logQ: this.#logQ };
  }
}

/** The softmax over every item: nothing is sampled, so there is nothing to correct, and only cold items to leave out. */
class FullCatalogue implements NegativeStrategy {
  readonly #items: Int32Array;

  constructor(
    itemCount: number,
    private readonly cold: Int32Array,
  ) {
    this.#items = Int32Array.from({ length: itemCount }, (_, item) => item);
  }

  candidates(positives: Int32Array): Candidates {
    const columns = this.#items.length;
    return {
      layout: 'catalogue',
      items: this.#items,
      positives,
      batch: positives.length,
      columns,
      ...(this.cold.length === 0 ? {} : { absent: this.cold }),
    };
  }
}

/**
 * @param counts training events of each item, `[items]`
 * @param config `batchSize` is the size of a full batch, at least 2
 * @param cold item rows that training must not see, not even as negatives
 */
export function createNegativeStrategy(
  counts: Int32Array,
  config: NegativesConfig,
  cold: Int32Array = NONE,
): NegativeStrategy {
  if (config.negatives === 'full') return new FullCatalogue(counts.length, cold);
  const proposal = createProposal(counts, config.negativeSamplingPower, cold);
  const corrected = config.logQCorrection;
  if (config.negatives === 'sampled') return new SampledNegatives(proposal, config.numNegatives, corrected);
  if (config.negatives === 'pool') return new PooledNegatives(proposal, config.sharedPoolSize, corrected);
  return new SharedNegatives(counts, createProposal(counts, 1, cold), proposal, {
    batchSize: config.batchSize,
    poolSize: config.negatives === 'mixed' ? config.sharedPoolSize : 0,
    corrected,
  });
}
