import type { RowLists } from '../embedding/block';
import { poolByRecency } from '../encoders/recency-pool';
import { RecencyWeights } from '../encoders/recency-weights';
import type { StoredTowers } from '../persistence/tower-file';
import type { DenseLayer } from './dense-layer';
import type { ItemTable, ServingHistory } from './history';
import { loadProjection } from './layers';
import { DoubleScratch, type Columns } from './matrix';
import { TransformerBlock } from './transformer-block';

/** Means at several time scales beside the state of a transformer block, as {@link TransformerHistory} of the model. */
export class TransformerHistory implements ServingHistory {
  readonly width: number;
  readonly #weights: RecencyWeights;
  readonly #block: TransformerBlock;
  readonly #projection: DenseLayer;
  readonly #means = new DoubleScratch();
  readonly #joined = new DoubleScratch();

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly table: ItemTable,
  ) {
    const { historyDim, historyLength, halfLives } = towers.config;
    this.width = historyDim;
    this.#weights = RecencyWeights.of(halfLives, historyLength);
    this.#block = new TransformerBlock(towers, `${name}.transformer`, table);
    this.#projection = loadProjection(towers, name, (this.#weights.scales + 1) * table.dim, historyDim);
  }

  encode(histories: RowLists, out: Columns): void {
    const { values: table, dim } = this.table;
    const batch = histories.offsets.length - 1;
    const pooled = this.#weights.scales * dim;
    const means = this.#means.take(batch * pooled);
    poolByRecency(table, dim, histories, this.#weights, means);
    const stride = pooled + dim;
    const joined = this.#joined.take(batch * stride);
    for (let user = 0; user < batch; user++) {
      for (let i = 0; i < pooled; i++) joined[user * stride + i] = means[user * pooled + i];
    }
    this.#block.encode(histories, { values: joined, stride, offset: pooled });
    this.#projection.forward({ values: joined, stride, offset: 0 }, out, batch);
  }
}
