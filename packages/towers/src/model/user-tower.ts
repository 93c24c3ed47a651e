import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import { lookUp } from '../embedding/lookup';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import { createHistoryEncoder } from '../encoders/create-history-encoder';
import type { HistoryBlock, HistoryEncoder } from '../encoders/history-encoder';
import { Mlp } from './mlp';
import type { ParameterSet } from './parameter-set';
import { Projection } from './projection';
import type { StepWeights } from './step-weights';
import type { Parameter, UserBatch, UserInputs } from './types';

/** A batch of users, looked up on the host. Its arrays hold until the next look-up. */
export interface UserBlocks {
  readonly batch: number;
  /** `[batch, idDim]` */
  readonly ids: Float32Array;
  readonly history?: HistoryBlock;
  /** `[batch, features]` */
  readonly features?: Float32Array;
}

/** The looked-up blocks as tensors, the part of a user that gradients flow back to. */
export interface UserTensors {
  readonly ids: tf.Tensor2D;
  readonly history?: tf.Tensor2D;
}

/** id → embedding, history → encoder, features → projection; then the trunk. */
export class UserTower {
  /** `[users + 1, idDim]`; the last row stands for every unknown user. */
  readonly idTable: Parameter;
  readonly #idDim: number;
  readonly #history?: HistoryEncoder;
  readonly #features?: Projection;
  readonly #mlp: Mlp;
  readonly #idScratch = new Scratch();
  readonly #featureScratch = new Scratch();

  constructor(
    parameters: ParameterSet,
    config: ModelConfig,
    private readonly inputs: UserInputs,
  ) {
    this.#idDim = config.idDim;
    this.idTable = parameters.table('user.id.table', inputs.count + 1, config.idDim);
    // An unknown user starts at the middle of the known ones.
    this.idTable.values.fill(0, inputs.count * config.idDim);
    this.#history = createHistoryEncoder(parameters, config);
    if (inputs.features) {
      this.#features = new Projection(parameters, 'user.features', inputs.features.width, config.featureDim);
    }
    this.#mlp = new Mlp(parameters, 'user.mlp', {
      inputWidth: config.idDim + (this.#history?.width ?? 0) + (this.#features?.width ?? 0),
      hiddenDims: config.hiddenDims,
      outputWidth: config.embeddingDim,
      dropout: config.dropout,
    });
  }

  /** @param itemTable the item-id table `[items, idDim]` that histories are read through */
  lookUp(batch: UserBatch, itemTable: Float32Array): UserBlocks {
    const count = batch.users.length;
    const ids = this.#idScratch.take(count * this.#idDim);
    lookUp(this.idTable.values, this.#idDim, this.#idRows(batch), {
      values: ids,
      stride: this.#idDim,
      offset: 0,
    });
    const histories = { offsets: batch.historyOffsets, rows: batch.historyItems };
    return {
      batch: count,
      ids,
      history: this.#history?.lookUp(itemTable, histories),
      features: this.#featuresOf(batch),
    };
  }

  upload(blocks: UserBlocks): UserTensors {
    const { ids, history, batch } = blocks;
    return {
      ids: tf.tensor2d(ids, [batch, this.#idDim]),
      history: history && tf.tensor2d(history.values, [...history.shape]),
    };
  }

  /** The inputs side by side, `[batch, inputs]`. */
  concatenate(tensors: UserTensors, blocks: UserBlocks, weights: StepWeights): tf.Tensor2D {
    const parts = [tensors.ids];
    if (this.#history && tensors.history && blocks.history) {
      parts.push(this.#history.encode(tensors.history, blocks.history, weights));
    }
    if (this.#features && blocks.features && this.inputs.features) {
      const features = tf.tensor2d(blocks.features, [blocks.batch, this.inputs.features.width]);
      parts.push(this.#features.forwardConstant(features, weights));
    }
    return parts.length === 1 ? tensors.ids : tf.concat2d(parts, 1);
  }

  /** Gives users the id row of unknown ones. */
  forget(users: Int32Array): void {
    const stranger = this.inputs.count * this.#idDim;
    for (const user of users) this.idTable.values.copyWithin(user * this.#idDim, stranger, stranger + this.#idDim);
  }

  get mlp(): Mlp {
    return this.#mlp;
  }

  /**
   * Adds the gradients of the blocks to the rows they came from.
   * @param ids `[batch, idDim]`
   * @param history of the history block's shape
   */
  scatter(
    batch: UserBatch,
    ids: Float32Array,
    history: Float32Array | undefined,
    into: { readonly users: RowGradients; readonly items: RowGradients },
  ): void {
    into.users.add(this.#idRows(batch), { values: ids, stride: this.#idDim, offset: 0 });
    if (this.#history && history) {
      const histories = { offsets: batch.historyOffsets, rows: batch.historyItems };
      this.#history.scatter(history, histories, into.items);
    }
  }

  /** The rows of the id table: unknown users share the last one. */
  #idRows({ users }: UserBatch): Int32Array {
    return users.includes(-1) ? users.map((row) => (row < 0 ? this.inputs.count : row)) : users;
  }

  /** The batch's own features, or those stored for its users; zeros for unknown users. */
  #featuresOf(batch: UserBatch): Float32Array | undefined {
    const { features } = this.inputs;
    if (!features || batch.features) return batch.features;
    const { width, values } = features;
    const out = this.#featureScratch.take(batch.users.length * width);
    lookUp(values, width, batch.users, { values: out, stride: width, offset: 0 });
    return out;
  }
}
