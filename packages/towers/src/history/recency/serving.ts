import { poolByRecencyPortable } from './pool';
import { RecencyWeights } from './weights';
import { weightOf, type StoredTowers } from '../../persistence/tower-file';
import type { DenseLayer } from '../../serving/dense-layer';
import { typesWeight, type Histories } from '../histories';
import type { ServingHistory, VectorTable } from '../serving-history';
import { typeFactors } from '../type-factors/factors';
import { loadProjection } from '../../serving/layers';
import { DoubleScratch, type Columns } from '../../serving/matrix';

/** Means at several time scales, projected, as {@link RecencyHistory} of the model. */
export class RecencyHistory implements ServingHistory {
  readonly width: number;
  readonly #weights: RecencyWeights;
  readonly #projection: DenseLayer;
  /** `[types, 1]` */
  readonly #types?: Float32Array;
  readonly #scratch = new DoubleScratch();

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly table: VectorTable,
    types: number,
  ) {
    const { historyDim, historyLength, halfLives } = towers.config;
    this.width = historyDim;
    this.#weights = RecencyWeights.of(halfLives, historyLength);
    this.#projection = loadProjection(towers, name, this.#weights.scales * table.dim, historyDim);
    if (types > 0) this.#types = weightOf(towers, typesWeight(name), [types, 1]);
  }

  encode(histories: Histories, out: Columns): void {
    const { values, dim } = this.table;
    const batch = histories.offsets.length - 1;
    const stride = this.#weights.scales * dim;
    const means = this.#scratch.take(batch * stride);
    const factors = this.#types && typeFactors(this.#types, histories);
    poolByRecencyPortable(values, dim, histories, this.#weights, means, factors);
    this.#projection.forward({ values: means, stride, offset: 0 }, out, batch);
  }
}
