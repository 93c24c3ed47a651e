import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { RandomStream } from '@vector-recall/random';
import { lookUp } from '../../embedding/lookup';
import type { RowGradients } from '../../embedding/row-gradients';
import { Scratch } from '../../embedding/scratch';
import { ones, tableNormal, zeros, type ParameterSet } from '../../model/parameter-set';
import type { StepWeights } from '../../model/step-weights';
import type { Parameter } from '../../model/types';
import { drawDropout } from '../../ops/dropout';
import { normalRows } from '../../ops/normal-rows';
import { rowOffsetsOf, sequenceRows } from '../../ops/sequence-rows';
import { typesWeight, type Histories } from '../histories';
import type { HistoryBlock, SequenceEntries, SequenceHistory, Sequences } from '../history-encoder';
import { TransformerBlock } from './block';

/**
 * A causal transformer over a user's items (SASRec, Kang & McAuley 2018), each item read as its vector, so that an item
 * that was never trained on is read by its fields. A learned start token stands before the oldest item: it is what an
 * empty history is. Places are known by their age alone ({@link TransformerBlock}), so that the state at any place of a
 * sequence is what serving computes for a history that ends there, and every place is a training example. Where types of
 * events are told apart, each adds a learned vector to those of its items; zero at the start.
 */
export class TransformerHistory implements SequenceHistory {
  readonly reads = 'items';
  readonly width: number;
  readonly #start: Parameter;
  readonly #blocks: readonly TransformerBlock[];
  readonly #scale: Parameter;
  readonly #dropout: number;
  /** `[types, dim]` */
  readonly #types?: Parameter;
  readonly #scratch = new Scratch();

  /** @param types of events that histories tell apart */
  constructor(parameters: ParameterSet, name: string, config: ModelConfig, types = 0) {
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
    if (types > 0) this.#types = parameters.table(typesWeight(name), types, embeddingDim, zeros);
  }

  /** The vectors of the types, `[entries, dim]`. */
  lookUp(_itemTable: Float32Array, { types }: Histories): HistoryBlock | undefined {
    if (this.#types === undefined || types === undefined || types.length === 0) return undefined;
    const values = this.#scratch.take(types.length * this.width);
    lookUp(this.#types.values, this.width, types, { values, stride: this.width, offset: 0 });
    return { shape: [types.length, this.width], values };
  }

  scatter(
    gradient: Float32Array,
    { types }: Histories,
    _itemTable: Parameter,
    into: (table: Parameter) => RowGradients,
  ): void {
    if (this.#types === undefined || types === undefined) return;
    into(this.#types).add(types, { values: gradient, stride: this.width, offset: 0 });
  }

  encode(
    { items, types }: SequenceEntries,
    { offsets, of, lengths }: Sequences,
    weights: StepWeights,
    random?: RandomStream,
  ): tf.Tensor2D {
    const read = items && types ? tf.add<tf.Tensor2D>(items, types) : items;
    const dropout = read && drawDropout(read.shape, this.#dropout, random);
    let state = sequenceRows(read, weights.matrix(this.#start), offsets, Math.sqrt(this.width), dropout);
    const rowOffsets = rowOffsetsOf(offsets);
    for (const block of this.#blocks) state = block.forward(state, rowOffsets, weights, random);
    const reads = of.map((s, entry) => rowOffsets[s] + lengths[entry]);
    return normalRows(state, reads, weights.vector(this.#scale));
  }
}
