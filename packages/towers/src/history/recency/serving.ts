import type { RowLists } from '../../embedding/block';
import { poolByRecencyPortable } from './pool';
import { RecencyWeights } from './weights';
import type { StoredTowers } from '../../persistence/tower-file';
import type { DenseLayer } from '../../serving/dense-layer';
import type { ServingHistory, VectorTable } from '../serving-history';
import { loadProjection } from '../../serving/layers';
import { DoubleScratch, type Columns } from '../../serving/matrix';

/** Means at several time scales, projected, as {@link RecencyHistory} of the model. */
export class RecencyHistory implements ServingHistory {
  readonly width: number;
  readonly #weights: RecencyWeights;
  readonly #projection: DenseLayer;
  readonly #scratch = new DoubleScratch();

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly table: VectorTable,
  ) {
    const { historyDim, historyLength, halfLives } = towers.config;
    this.width = historyDim;
    this.#weights = RecencyWeights.of(halfLives, historyLength);
    this.#projection = loadProjection(towers, name, this.#weights.scales * table.dim, historyDim);
  }

  encode(histories: RowLists, out: Columns): void {
    const { values, dim } = this.table;
    const batch = histories.offsets.length - 1;
    const stride = this.#weights.scales * dim;
    const means = this.#scratch.take(batch * stride);
    poolByRecencyPortable(values, dim, histories, this.#weights, means);
    this.#projection.forward({ values: means, stride, offset: 0 }, out, batch);
  }
}
