import type { ModelConfig } from '@vector-recall/core-config';
import type { TwoTowerModel } from '../model/two-tower-model';
import type { TowerInputs, UserBatch } from '../model/types';
import { ServingContext } from '../fields/context/serving';
import { isLabels } from '../fields/field-input';
import { loadField } from '../fields/load-field';
import type { ServingField } from '../fields/serving-field';
import { loadHistory, readsItemVectors } from '../history/load-history';
import type { ServingHistory } from '../history/serving-history';
import { appendToUsers, withoutTerm } from '../item-item/append';
import { itemItemOfUsers, type ItemItemOfUsers } from '../item-item/weights';
import { validateUserBatch } from '../model/validate';
import { readTowers, storedTowers, weightOf, type StoredTowers } from '../persistence/tower-file';
import { loadTrunk } from './layers';
import { DoubleScratch, type Columns } from './matrix';
import { ServingTrunk } from './serving-trunk';

/**
 * The user tower in evaluation mode on plain arrays: what serving needs of the model, without tfjs, whose start-up and
 * cost a call are those of a trainer. It gives the vectors of `TwoTowerModel.encodeUsers` to within 1e-5.
 */
export class ServingUserTower {
  readonly config: ModelConfig;
  /** `[users + 1, idDim]`; the last row stands for every unknown user. */
  readonly #ids: Float32Array;
  readonly #history?: ServingHistory;
  readonly #embedded: readonly LoadedField[];
  readonly #projected: readonly LoadedField[];
  readonly #context: ServingContext;
  readonly #itemItem?: ItemItemOfUsers;
  readonly #inputWidth: number;
  readonly #trunk: ServingTrunk;
  readonly #inputScratch = new DoubleScratch();

  /**
   * @param inputs as at training: the same counts and widths; kept, not copied
   * @param itemVectors `[items, dim]`, for an encoder that reads them ({@link readsItemVectors}); kept
   * @throws WeightFileError where weights are missing or of another shape
   */
  constructor(
    towers: StoredTowers,
    private readonly inputs: TowerInputs,
    itemVectors?: Float32Array,
  ) {
    const { users, items } = inputs;
    const { idDim } = towers.config;
    this.config = towers.config;
    this.#itemItem = itemItemOfUsers(towers, items.count);
    this.#ids = weightOf(towers, 'user.id.table', [users.count + 1, idDim]);
    this.#history = loadHistory(towers, {
      items: items.count,
      idDim,
      types: users.eventTypes?.length ?? 0,
      itemVectors: itemVectors && withoutTerm(itemVectors, towers.config),
    });
    // As in the model: what is looked up stands before the history, what is projected behind it.
    const fields = (users.fields ?? []).map((input) => ({
      field: loadField(towers, 'user', input),
      isNumbers: input.kind === 'numbers',
      isEmbedded: isLabels(input),
    }));
    this.#context = new ServingContext(towers, users.context ?? []);
    this.#embedded = fields.filter(({ isEmbedded }) => isEmbedded);
    this.#projected = fields.filter(({ isEmbedded }) => !isEmbedded);
    this.#inputWidth = fields.reduce(
      (sum, { field }) => sum + field.width,
      idDim + (this.#history?.width ?? 0) + this.#context.width,
    );
    this.#trunk = new ServingTrunk(loadTrunk(towers, 'user.mlp', this.#inputWidth));
  }

  /**
   * @param folder holds `towers.safetensors`
   * @param inputs,itemVectors as of the constructor
   * @throws WeightFileError where the file is damaged or made for other inputs
   */
  static async load(folder: string, inputs: TowerInputs, itemVectors?: Float32Array): Promise<ServingUserTower> {
    return new ServingUserTower(await readServingTowers(folder, inputs), inputs, itemVectors);
  }

  /**
   * The user tower of a model in memory; its weights are shared, those of dense layers copied.
   * @param itemVectors of the model's items, where they are known; encoded here where they are needed and absent
   */
  static of(model: TwoTowerModel, itemVectors?: Float32Array): ServingUserTower {
    const vectors = readsItemVectors(model.config) ? (itemVectors ?? encodeAllItems(model)) : undefined;
    return new ServingUserTower(storedTowers(model), model.inputs, vectors);
  }

  /** Newest items of a history that are read; 0 where the model reads none. */
  get historyLength(): number {
    return this.#history === undefined && this.#itemItem === undefined ? 0 : this.config.historyLength;
  }

  /**
   * Many users at once cost less than each alone: weights are loaded once for four of them.
   *
   * @returns `[batch, dim]`, each of length one
   * @throws TowerInputError where the batch does not fit the model
   */
  encode(batch: UserBatch): Float32Array {
    validateUserBatch(batch, this.inputs, this.config.historyLength);
    const vectors = this.#trunk.encode(this.#concatenate(batch), batch.users.length);
    if (this.#itemItem === undefined) return vectors;
    const histories = { offsets: batch.historyOffsets, rows: batch.historyItems };
    return appendToUsers(vectors, this.config.embeddingDim, this.#itemItem, histories);
  }

  /** id, label fields, encoded history and dense fields side by side, `[batch, inputs]` */
  #concatenate(batch: UserBatch): Columns {
    const { idDim } = this.config;
    const rows = batch.users.length;
    const stride = this.#inputWidth;
    const values = this.#inputScratch.take(rows * stride);
    for (let row = 0; row < rows; row++) {
      const from = (batch.users[row] < 0 ? this.inputs.users.count : batch.users[row]) * idDim;
      for (let i = 0; i < idDim; i++) values[row * stride + i] = this.#ids[from + i];
    }
    let offset = idDim;
    const encode = ({ field, isNumbers }: LoadedField): void => {
      field.encode(batch.users, { values, stride, offset }, isNumbers ? batch.features : undefined);
      offset += field.width;
    };
    this.#embedded.forEach(encode);
    this.#context.encode(batch.context, rows, { values, stride, offset });
    offset += this.#context.width;
    if (this.#history) {
      const histories = { offsets: batch.historyOffsets, rows: batch.historyItems, types: batch.historyTypes };
      this.#history.encode(histories, { values, stride, offset });
      offset += this.#history.width;
    }
    this.#projected.forEach(encode);
    return { values, stride, offset: 0 };
  }
}

interface LoadedField {
  readonly field: ServingField;
  /** Whether the batch may bring its values along. */
  readonly isNumbers: boolean;
}

/**
 * Reads the weights that the user tower takes: its own, and the id table if histories are read through it. Plain data, so
 * that another thread than the one that serves can read it.
 *
 * @param options `items`: whether those of the item tower are read too
 * @throws WeightFileError where the file is damaged or made for other inputs
 */
export async function readServingTowers(
  folder: string,
  inputs: TowerInputs,
  { items = false }: { readonly items?: boolean } = {},
): Promise<StoredTowers> {
  const { tensors, ...towers } = await readTowers(folder, inputs);
  const readsIds = !readsItemVectors(towers.config);
  const isRead = (name: string): boolean => items || name.startsWith('user.') || (readsIds && name === 'item.id.table');
  return { ...towers, tensors: new Map([...tensors].filter(([name]) => isRead(name))) };
}

function encodeAllItems(model: TwoTowerModel): Float32Array {
  return model.encodeItems(Int32Array.from({ length: model.inputs.items.count }, (_, item) => item));
}
