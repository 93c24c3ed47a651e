import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { TowerInputError } from '../errors';
import { RowGradients } from '../embedding/row-gradients';
import { numbersOf } from '../fields/field-input';
import { appendToItems, appendToUsers } from '../item-item/append';
import { itemItemWidth, type ItemItemWeights } from '../item-item/weights';
import { loadTowers, saveTowers } from '../persistence/tower-file';
import { BLOCK_ROWS, encodeInBlocks, sliceUsers } from './encode-blocks';
import { ItemTower } from './item-tower';
import { ParameterSet } from './parameter-set';
import { resolveWidths } from './resolve-widths';
import { StepWeights } from './step-weights';
import type { Gradients, Parameter, TableGradient, TowerInputs, UserBatch, VectorLoss } from './types';
import { UserTower } from './user-tower';
import { validateInputs, validateItemRows, validateUserBatch } from './validate';

/** The loss of a step and what it says about the parameters. */
export interface StepResult {
  readonly loss: number;
  readonly gradients: Gradients;
}

/**
 * Two towers that map users and items to vectors of length one, whose dot product is the score (DSSM, Huang et al.
 * 2013; Yi et al. 2019). All parameters are host arrays; tensors exist only while a method runs.
 */
export class TwoTowerModel {
  readonly #users: UserTower;
  readonly #items: ItemTower;
  readonly #trainable: readonly Parameter[];
  readonly #rowGradients: ReadonlyMap<Parameter, RowGradients>;

  /** The item-item term of the vectors that are encoded. Training neither reads nor changes it. */
  itemItem?: ItemItemWeights;

  /** With the widths that inputs really have. */
  readonly config: ModelConfig;

  /** Every weight of the model by name, in a fixed order. An optimiser updates their `values` in place. */
  readonly parameters: ReadonlyMap<string, Parameter>;

  /**
   * @param inputs what the towers read; the arrays are kept, not copied
   * @param random the stream that the first weights are drawn from
   * @throws TowerInputError where the inputs are inconsistent
   */
  constructor(
    given: ModelConfig,
    readonly inputs: TowerInputs,
    random: RandomStream,
  ) {
    validateInputs(inputs);
    const config = resolveWidths(given);
    this.config = config;
    const parameters = new ParameterSet(random);
    this.#users = new UserTower(parameters, config, inputs.users);
    this.#items = new ItemTower(parameters, config, inputs.items);
    this.parameters = parameters.all;
    const all = [...parameters.all.values()];
    this.#trainable = all.filter((parameter) => parameter.kind === 'dense' && parameter.trainable);
    this.#rowGradients = new Map(
      all.flatMap((parameter) =>
        parameter.kind === 'table' ? [[parameter, new RowGradients(parameter.shape[1])] as const] : [],
      ),
    );
  }

  /** Width of the vectors that {@link encodeUsers} and {@link encodeItems} give. */
  get dim(): number {
    return this.config.embeddingDim + (this.itemItem === undefined ? 0 : itemItemWidth(this.itemItem));
  }

  /** Whether a batch may have several entries read one history, each up to a place of its own. */
  get readsSequences(): boolean {
    return this.#users.readsItemVectors;
  }

  /**
   * The loss of a batch and its gradients, in training mode: batch statistics, dropout. Updates the moving moments.
   *
   * @param users the batch's users
   * @param items `[items]` item rows in the order that the loss expects; repeats are allowed
   * @param random where the dropout masks are drawn from
   * @param itemIds `[items]` the rows of `items`, -1 where the item's id is hidden and only its attributes are read
   * @throws TowerInputError where the batch does not fit the model
   */
  computeGradients(
    users: UserBatch,
    items: Int32Array,
    loss: VectorLoss,
    random: RandomStream,
    itemIds = items,
  ): StepResult {
    this.#validate(users, items);
    const userBlocks = this.#users.lookUp(users, this.#items.idTable.values);
    // What histories are read through is encoded along with what the loss expects.
    const read = this.readsSequences ? users.historyItems : new Int32Array(0);
    const rows = { rows: joined(items, read), ids: joined(itemIds, read) };
    const itemBlocks = this.#items.lookUp(rows.rows, rows.ids);
    return inScope(() => {
      const userTensors = this.#users.upload(userBlocks);
      const itemTensor = this.#items.upload(itemBlocks);
      const weightTensors = this.#trainable.map(({ values, shape }) => tf.tensor(values, [...shape]));
      const weights = StepWeights.of(this.#trainable, weightTensors);
      const blocks = [itemTensor, userTensors.embedded, ...(userTensors.history ? [userTensors.history] : [])];
      const { value, grads } = tf.valueAndGrads(() => {
        const itemInput = this.#items.inputsOf(itemTensor, itemBlocks, weights);
        const vectors = this.#items.trunk.train(itemInput, weights, random);
        const [candidates, itemVectors] =
          read.length === 0 ? [vectors] : tf.split<tf.Tensor2D>(vectors, [items.length, read.length]);
        const history = { block: userTensors.history, itemVectors };
        const userInput = this.#users.inputsOf(userTensors, userBlocks, history, weights, random);
        return loss(this.#users.trunk.train(userInput, weights, random), candidates);
      })([...blocks, ...weightTensors]);
      const [itemGradient, userGradient, ...rest] = grads;
      const historyGradient = userTensors.history && download(rest[0]);
      const denseGradients = rest.slice(userTensors.history ? 1 : 0);
      return {
        loss: download(value)[0],
        gradients: {
          dense: new Map(this.#trainable.map(({ name }, i) => [name, download(denseGradients[i])])),
          tables: this.#scatter(users, rows, download(itemGradient), download(userGradient), historyGradient),
        },
      };
    });
  }

  /** The loss of a batch in evaluation mode: moving moments, no dropout. Arguments as {@link computeGradients}. */
  computeLoss(users: UserBatch, items: Int32Array, loss: VectorLoss): number {
    this.#validate(users, items);
    return inScope(() => {
      const weights = StepWeights.upload(this.parameters.values());
      return download(loss(this.#userVectors(users, weights), this.#itemVectors(items, weights)))[0];
    });
  }

  /** Vectors of users in evaluation mode, `[batch, dim]`, each of length one. */
  encodeUsers(batch: UserBatch): Float32Array {
    validateUserBatch(batch, this.inputs, this.config.historyLength);
    if (batch.sequences) throw new TowerInputError('sequences', 'Encode users by whole histories, without sequences.');
    const { embeddingDim } = this.config;
    const vectors = inScope(() => {
      const weights = StepWeights.upload(this.parameters.values());
      return encodeInBlocks(batch.users.length, this.#blockOfUsers, embeddingDim, (start, end) =>
        this.#userVectors(sliceUsers(batch, start, end, numbersOf(this.inputs.users.fields)?.width ?? 0), weights),
      );
    });
    if (this.itemItem === undefined) return vectors;
    const histories = { offsets: batch.historyOffsets, rows: batch.historyItems };
    return appendToUsers(vectors, embeddingDim, this.itemItem, histories);
  }

  /** Vectors of items in evaluation mode, `[rows, dim]`, each of length one. */
  encodeItems(rows: Int32Array): Float32Array {
    const vectors = this.encodeByTower(rows);
    return this.itemItem === undefined
      ? vectors
      : appendToItems(vectors, this.config.embeddingDim, this.itemItem, rows);
  }

  /**
   * What the item tower alone gives, `[rows, embeddingDim]`, each of length one.
   * @param ids the rows, -1 where the item's id is hidden and only its attributes are read
   */
  encodeByTower(rows: Int32Array, ids = rows): Float32Array {
    validateItemRows(rows, this.inputs.items.count);
    return inScope(() => {
      const weights = StepWeights.upload(this.parameters.values());
      return encodeInBlocks(rows.length, BLOCK_ROWS, this.config.embeddingDim, (start, end) =>
        this.#itemVectors(rows.subarray(start, end), weights, ids.subarray(start, end)),
      );
    });
  }

  /**
   * Makes users and items that were never trained on unknown ones: users get the row of all strangers, items are known
   * by their attributes alone.
   */
  forget(users: Int32Array, items: Int32Array): void {
    this.#users.forget(users);
    this.#items.forget(items);
  }

  /** Writes `towers.safetensors`, the weights and the config, into a folder that exists. */
  async save(folder: string): Promise<void> {
    await saveTowers(folder, this);
  }

  /**
   * Reads what {@link save} wrote.
   * @param inputs as at training: the same counts and widths
   * @throws WeightFileError where the file is damaged or made for other inputs
   */
  static async load(folder: string, inputs: TowerInputs): Promise<TwoTowerModel> {
    return loadTowers(folder, inputs, (config) => new TwoTowerModel(config, inputs, new RandomStream(0)));
  }

  /** Attention takes memory by the square of the history's length. */
  get #blockOfUsers(): number {
    const { historyLength } = this.config;
    return this.readsSequences
      ? Math.max(32, Math.min(BLOCK_ROWS, Math.floor(2 ** 22 / historyLength ** 2)))
      : BLOCK_ROWS;
  }

  #validate(users: UserBatch, items: Int32Array): void {
    validateUserBatch(users, this.inputs, this.config.historyLength);
    validateItemRows(items, this.inputs.items.count);
  }

  #userVectors(batch: UserBatch, weights: StepWeights): tf.Tensor2D {
    const blocks = this.#users.lookUp(batch, this.#items.idTable.values);
    const tensors = this.#users.upload(blocks);
    const readsVectors = this.readsSequences && batch.historyItems.length > 0;
    const itemVectors = readsVectors ? this.#itemVectors(batch.historyItems, weights) : undefined;
    const input = this.#users.inputsOf(tensors, blocks, { block: tensors.history, itemVectors }, weights);
    return this.#users.trunk.evaluate(input, weights);
  }

  #itemVectors(rows: Int32Array, weights: StepWeights, ids = rows): tf.Tensor2D {
    const blocks = this.#items.lookUp(rows, ids);
    return this.#items.trunk.evaluate(this.#items.inputsOf(this.#items.upload(blocks), blocks, weights), weights);
  }

  #scatter(
    users: UserBatch,
    items: { readonly rows: Int32Array; readonly ids: Int32Array },
    itemGradient: Float32Array,
    userGradient: Float32Array,
    historyGradient: Float32Array | undefined,
  ): ReadonlyMap<string, TableGradient> {
    for (const sums of this.#rowGradients.values()) sums.clear();
    this.#items.scatter(items.rows, items.ids, itemGradient, (table) => this.#sumsOf(table));
    this.#users.scatter(users, userGradient, historyGradient, this.#items.idTable, (table) => this.#sumsOf(table));
    return new Map(Array.from(this.#rowGradients, ([table, sums]) => [table.name, sums.result()]));
  }

  #sumsOf(table: Parameter): RowGradients {
    const sums = this.#rowGradients.get(table);
    if (sums === undefined) throw new Error(`${table.name} is not a table of this model.`);
    return sums;
  }
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  if (second.length === 0) return first;
  const both = new Int32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Frees every tensor that `run` has made. tf.tidy would search the result for tensors, entry by entry. */
function inScope<Result>(run: () => Result): Result {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}

function download(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync();
  if (!isFloat32(values)) throw new Error(`A tensor of type ${tensor.dtype} is not a float tensor.`);
  return values;
}

/** By tag: the addon's arrays come from Node's own realm, which is not the one that a test runs in. */
function isFloat32(values: tf.TypedArray): values is Float32Array {
  return Object.prototype.toString.call(values) === '[object Float32Array]';
}
