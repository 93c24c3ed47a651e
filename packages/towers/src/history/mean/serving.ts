import type { RowLists } from '../../embedding/block';
import type { StoredTowers } from '../../persistence/tower-file';
import type { DenseLayer } from '../../serving/dense-layer';
import type { ServingHistory, VectorTable } from '../serving-history';
import { loadProjection } from '../../serving/layers';
import { DoubleScratch, type Columns } from '../../serving/matrix';

/** The mean of the items, projected. An empty history is the zero vector. */
export class MeanHistory implements ServingHistory {
  readonly width: number;
  readonly #projection: DenseLayer;
  readonly #scratch = new DoubleScratch();

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly table: VectorTable,
  ) {
    this.width = towers.config.historyDim;
    this.#projection = loadProjection(towers, name, table.dim, this.width);
  }

  encode({ offsets, rows }: RowLists, out: Columns): void {
    const { values: table, dim } = this.table;
    const batch = offsets.length - 1;
    const means = this.#scratch.take(batch * dim).fill(0, 0, batch * dim);
    for (let user = 0; user < batch; user++) {
      const share = 1 / (offsets[user + 1] - offsets[user]);
      const to = user * dim;
      for (let entry = offsets[user]; entry < offsets[user + 1]; entry++) {
        const from = rows[entry] * dim;
        for (let i = 0; i < dim; i++) means[to + i] += table[from + i] * share;
      }
    }
    this.#projection.forward({ values: means, stride: dim, offset: 0 }, out, batch);
  }
}
