import type * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { RandomStream } from '@vector-recall/random';
import { ones, tableNormal, type ParameterSet } from '../../model/parameter-set';
import type { StepWeights } from '../../model/step-weights';
import type { Parameter } from '../../model/types';
import { drawDropout } from '../../ops/dropout';
import { normalRows } from '../../ops/normal-rows';
import { rowOffsetsOf, sequenceRows } from '../../ops/sequence-rows';
import type { SequenceHistory, Sequences } from '../history-encoder';
import { TransformerBlock } from './block';

/**
 * A causal transformer over a user's items (SASRec, Kang & McAuley 2018), each item read as its vector, so that an item
 * that was never trained on is read by its fields. A learned start token stands before the oldest item: it is what an
 * empty history is. Places are known by their age alone ({@link TransformerBlock}), so that the state at any place of a
 * sequence is what serving computes for a history that ends there, and every place is a training example.
 */
export class TransformerHistory implements SequenceHistory {
  readonly reads = 'items';
  readonly width: number;
  readonly #start: Parameter;
  readonly #blocks: readonly TransformerBlock[];
  readonly #scale: Parameter;
  readonly #dropout: number;

  constructor(parameters: ParameterSet, name: string, config: ModelConfig) {
    const { embeddingDim, historyLength, historyBlocks, historyHeads, historyDropout } = config;
    this.width = embeddingDim;
    this.#dropout = historyDropout;
    this.#start = parameters.dense(`${name}.start`, [1, embeddingDim], tableNormal);
    this.#blocks = Array.from(
      { length: historyBlocks },
      (_, i) =>
        new TransformerBlock(parameters, `${name}.blocks.${i}`, {
          dim: embeddingDim,
          heads: historyHeads,
          ages: historyLength + 1,
          dropout: historyDropout,
        }),
    );
    this.#scale = parameters.dense(`${name}.scale`, [embeddingDim], ones);
  }

  encode(
    items: tf.Tensor2D | undefined,
    sequences: Sequences,
    weights: StepWeights,
    random?: RandomStream,
  ): tf.Tensor2D {
    const { offsets, of, lengths } = sequences;
    const dropout = items && drawDropout(items.shape, this.#dropout, random);
    let state = sequenceRows(items, weights.matrix(this.#start), offsets, Math.sqrt(this.width), dropout);
    const rowOffsets = rowOffsetsOf(offsets);
    for (const block of this.#blocks) state = block.forward(state, rowOffsets, weights, random);
    const reads = of.map((s, entry) => rowOffsets[s] + lengths[entry]);
    return normalRows(state, reads, weights.vector(this.#scale));
  }
}
