import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { RandomStream } from '@vector-recall/random';
import type { BlockColumns } from '../embedding/block';
import { lookUp } from '../embedding/lookup';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import { TowerContext } from '../fields/context/training';
import { FieldSet, type FieldValues } from '../fields/field-set';
import { createHistoryEncoder } from '../history/create-history-encoder';
import type { Histories } from '../history/histories';
import type { HistoryBlock, HistoryEncoder, Sequences } from '../history/history-encoder';
import type { ParameterSet } from './parameter-set';
import { sequencesOf } from './sequences';
import type { StepWeights } from './step-weights';
import { createTrunk, type Trunk } from './trunk';
import type { Parameter, UserBatch, UserInputs } from './types';

/** A batch of users, looked up on the host. Its arrays hold until the next look-up. */
export interface UserBlocks {
  readonly batch: number;
  /** `[batch, tableWidth]`: the embeddings of id, label fields and context side by side. */
  readonly embedded: Float32Array;
  readonly history?: HistoryBlock;
  readonly fields: readonly FieldValues[];
  readonly sequences: Sequences;
}

/** What the history encoder reads besides weights; what is there depends on the encoder. */
export interface HistoryInput {
  /** What the encoder has looked up. */
  readonly block?: tf.Tensor2D;
  /** `[entries, embeddingDim]`: the vectors of all entries of the batch's histories; absent where all are empty. */
  readonly itemVectors?: tf.Tensor2D;
}

/** The looked-up blocks as tensors, the part of a user that gradients flow back to. */
export interface UserTensors {
  readonly embedded: tf.Tensor2D;
  readonly history?: tf.Tensor2D;
}

/** id and context → embeddings, history → encoder, fields → embeddings and projections; then the trunk. */
export class UserTower {
  /** `[users + 1, idDim]`; the last row stands for every unknown user. */
  readonly idTable: Parameter;
  /** Columns of the embedded block. */
  readonly tableWidth: number;
  readonly #idDim: number;
  readonly #history?: HistoryEncoder;
  readonly #fields: FieldSet;
  readonly #context: TowerContext;
  readonly trunk: Trunk;
  readonly #scratch = new Scratch();

  constructor(
    parameters: ParameterSet,
    config: ModelConfig,
    private readonly inputs: UserInputs,
  ) {
    this.#idDim = config.idDim;
    this.idTable = parameters.table('user.id.table', inputs.count + 1, config.idDim);
    // An unknown user starts at the middle of the known ones.
    this.idTable.values.fill(0, inputs.count * config.idDim);
    this.#history = createHistoryEncoder(parameters, config, inputs.eventTypes?.length ?? 0);
    this.#fields = new FieldSet(parameters, 'user', inputs.fields ?? [], config);
    this.#context = new TowerContext(parameters, inputs.context ?? [], config);
    this.tableWidth = config.idDim + this.#fields.tableWidth + this.#context.tableWidth;
    const inputWidth = this.tableWidth + (this.#history?.width ?? 0) + this.#fields.projectedWidth;
    this.trunk = createTrunk(parameters, 'user.mlp', inputWidth, config);
  }

  /** Whether histories are read through the vectors of their items, and not through the item-id table. */
  get readsItemVectors(): boolean {
    return this.#history?.reads === 'items';
  }

  /** @param itemTable the item-id table `[items, idDim]` that histories are read through */
  lookUp(batch: UserBatch, itemTable: Float32Array): UserBlocks {
    const count = batch.users.length;
    const embedded = this.#scratch.take(count * this.tableWidth);
    lookUp(this.idTable.values, this.#idDim, this.#idRows(batch), this.#columns(embedded, 0));
    this.#fields.lookUp(batch.users, this.#columns(embedded, this.#idDim));
    this.#context.lookUp(batch.context, count, this.#contextColumns(embedded));
    return {
      batch: count,
      embedded,
      history: this.#history?.lookUp(itemTable, historiesOf(batch)),
      fields: this.#fields.valuesOf(batch.users, batch.features),
      sequences: sequencesOf(batch),
    };
  }

  upload(blocks: UserBlocks): UserTensors {
    const { embedded, history, batch } = blocks;
    return {
      embedded: tf.tensor2d(embedded, [batch, this.tableWidth]),
      history: history && tf.tensor2d(history.values, [...history.shape]),
    };
  }

  /**
   * The inputs, `[batch, width]` each.
   * @param history what histories are read through: the looked-up block, and the vectors of their items
   * @param random where dropout masks are drawn from, in training
   */
  inputsOf(
    { embedded }: UserTensors,
    blocks: UserBlocks,
    history: HistoryInput,
    weights: StepWeights,
    random?: RandomStream,
  ): tf.Tensor2D[] {
    const parts = [embedded];
    if (this.#history?.reads === 'ids' && history.block) parts.push(this.#history.encode(history.block, weights));
    if (this.#history?.reads === 'items') {
      const entries = { items: history.itemVectors, types: history.block };
      parts.push(this.#history.encode(entries, blocks.sequences, weights, random));
    }
    parts.push(...this.#fields.project(blocks.fields, blocks.batch, weights));
    return parts;
  }

  /** Gives users the id row of unknown ones. */
  forget(users: Int32Array): void {
    const stranger = this.inputs.count * this.#idDim;
    for (const user of users) this.idTable.values.copyWithin(user * this.#idDim, stranger, stranger + this.#idDim);
  }

  /**
   * Adds the gradients of the blocks to the rows they came from.
   * @param embedded `[batch, tableWidth]`
   * @param history of the history block's shape
   * @param itemTable the item-id table, which histories are read through
   * @param into the sums of each table of the model
   */
  scatter(
    batch: UserBatch,
    embedded: Float32Array,
    history: Float32Array | undefined,
    itemTable: Parameter,
    into: (table: Parameter) => RowGradients,
  ): void {
    into(this.idTable).add(this.#idRows(batch), this.#columns(embedded, 0));
    this.#fields.scatter(batch.users, this.#columns(embedded, this.#idDim), into);
    this.#context.scatter(batch.context, this.#contextColumns(embedded), into);
    if (history) this.#history?.scatter(history, historiesOf(batch), itemTable, into);
  }

  /** The rows of the id table: unknown users share the last one. */
  #idRows({ users }: UserBatch): Int32Array {
    return users.includes(-1) ? users.map((row) => (row < 0 ? this.inputs.count : row)) : users;
  }

  #contextColumns(values: Float32Array): BlockColumns {
    return this.#columns(values, this.#idDim + this.#fields.tableWidth);
  }

  #columns(values: Float32Array, offset: number): BlockColumns {
    return { values, stride: this.tableWidth, offset };
  }
}

function historiesOf({ historyOffsets: offsets, historyItems: rows, historyTypes: types }: UserBatch): Histories {
  return { offsets, rows, types };
}
