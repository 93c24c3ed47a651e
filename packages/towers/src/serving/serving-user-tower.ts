import type { ModelConfig } from '@vector-recall/core-config';
import type { TwoTowerModel } from '../model/two-tower-model';
import type { TowerInputs, UserBatch } from '../model/types';
import { validateUserBatch } from '../model/validate';
import { L2_EPSILON } from '../ops/epsilons';
import { readTowers, weightOf, type StoredTowers } from '../persistence/tower-file';
import type { DenseLayer } from './dense-layer';
import { loadHistory, type ServingHistory } from './history';
import { loadProjection, loadTrunk } from './layers';
import { DoubleScratch, type Columns } from './matrix';

/**
 * The user tower in evaluation mode on plain arrays: what serving needs of the model, without tfjs, whose start-up and
 * cost a call are those of a trainer. It gives the vectors of `TwoTowerModel.encodeUsers` to within 1e-5.
 */
export class ServingUserTower {
  readonly config: ModelConfig;
  /** `[users + 1, idDim]`; the last row stands for every unknown user. */
  readonly #ids: Float32Array;
  readonly #history?: ServingHistory;
  readonly #features?: DenseLayer;
  readonly #trunk: readonly DenseLayer[];
  readonly #inputScratch = new DoubleScratch();
  readonly #featureScratch = new DoubleScratch();
  readonly #layerScratch: readonly DoubleScratch[];

  /**
   * @param inputs as at training: the same counts and widths; kept, not copied
   * @throws WeightFileError where weights are missing or of another shape
   */
  constructor(
    towers: StoredTowers,
    private readonly inputs: TowerInputs,
  ) {
    const { users, items } = inputs;
    const { idDim, featureDim } = towers.config;
    this.config = towers.config;
    this.#ids = weightOf(towers, 'user.id.table', [users.count + 1, idDim]);
    this.#history = loadHistory(towers, items.count);
    if (users.features) this.#features = loadProjection(towers, 'user.features', users.features.width, featureDim);
    this.#trunk = loadTrunk(towers, 'user.mlp', this.#inputWidth);
    this.#layerScratch = this.#trunk.map(() => new DoubleScratch());
  }

  /**
   * @param folder holds `towers.safetensors`
   * @param inputs as at training: the same counts and widths; kept, not copied
   * @throws WeightFileError where the file is damaged or made for other inputs
   */
  static async load(folder: string, inputs: TowerInputs): Promise<ServingUserTower> {
    return new ServingUserTower(await readServingTowers(folder, inputs), inputs);
  }

  /** The user tower of a model in memory; its weights are shared, those of dense layers copied. */
  static of({ config, inputs, parameters }: Pick<TwoTowerModel, 'config' | 'inputs' | 'parameters'>): ServingUserTower {
    return new ServingUserTower({ file: 'the model', config, tensors: parameters }, inputs);
  }

  /** Newest items of a history that are read; 0 where the model reads none. */
  get historyLength(): number {
    return this.#history === undefined ? 0 : this.config.historyLength;
  }

  /**
   * Many users at once cost less than each alone: weights are loaded once for four of them.
   *
   * @returns `[batch, embeddingDim]`, each of length one
   * @throws TowerInputError where the batch does not fit the model
   */
  encode(batch: UserBatch): Float32Array {
    validateUserBatch(batch, this.inputs, this.config.historyLength);
    const rows = batch.users.length;
    let activation = this.#concatenate(batch);
    this.#trunk.forEach((layer, i) => {
      const { outputs } = layer;
      const next = { values: this.#layerScratch[i].take(rows * outputs), stride: outputs, offset: 0 };
      layer.forward(activation, next, rows);
      activation = next;
    });
    return normalised(activation.values, rows, this.config.embeddingDim);
  }

  get #inputWidth(): number {
    return this.config.idDim + (this.#history?.width ?? 0) + (this.#features?.outputs ?? 0);
  }

  /** id embedding, encoded history and projected features side by side, `[batch, inputs]` */
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
    if (this.#history) {
      const histories = { offsets: batch.historyOffsets, rows: batch.historyItems };
      this.#history.encode(histories, { values, stride, offset });
      offset += this.#history.width;
    }
    if (this.#features) {
      const features = { values: this.#featuresOf(batch), stride: this.#features.inputs, offset: 0 };
      this.#features.forward(features, { values, stride, offset }, rows);
    }
    return { values, stride, offset: 0 };
  }

  /** The batch's own features, or those stored for its users; zeros for unknown users. `[batch, features]` */
  #featuresOf({ users, features }: UserBatch): Float64Array {
    const stored = this.inputs.users.features;
    const width = stored?.width ?? 0;
    const out = this.#featureScratch.take(users.length * width);
    if (features) {
      out.set(features);
      return out;
    }
    for (const [row, user] of users.entries()) {
      for (let i = 0; i < width; i++) out[row * width + i] = user < 0 ? 0 : (stored?.values[user * width + i] ?? 0);
    }
    return out;
  }
}

/**
 * Reads the weights that the user tower takes: its own, and the table that histories are read through. Plain data, so
 * that another thread than the one that serves can read it.
 *
 * @throws WeightFileError where the file is damaged or made for other inputs
 */
export async function readServingTowers(folder: string, inputs: TowerInputs): Promise<StoredTowers> {
  const { tensors, ...towers } = await readTowers(folder, inputs);
  const isRead = (name: string): boolean => name.startsWith('user.') || name === 'item.id.table';
  return { ...towers, tensors: new Map([...tensors].filter(([name]) => isRead(name))) };
}

/** Rows at length one: y = x/√max(‖x‖², ε) */
function normalised(x: Float64Array, rows: number, dim: number): Float32Array {
  const vectors = new Float32Array(rows * dim);
  for (let start = 0; start < rows * dim; start += dim) {
    let squares = 0;
    for (let i = start; i < start + dim; i++) squares += x[i] * x[i];
    const scale = 1 / Math.sqrt(Math.max(squares, L2_EPSILON));
    for (let i = start; i < start + dim; i++) vectors[i] = x[i] * scale;
  }
  return vectors;
}
