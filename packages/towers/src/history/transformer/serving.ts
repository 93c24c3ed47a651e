import { weightOf, type StoredTowers } from '../../persistence/tower-file';
import { DoubleScratch, type Columns } from '../../serving/matrix';
import { typesWeight, type Histories } from '../histories';
import type { ServingHistory, VectorTable } from '../serving-history';
import { normaliseRow } from './normalise-row';
import { ServingBlock } from './serving-block';

/** A transformer over the items' vectors, as {@link TransformerHistory} of the model, at the newest place alone. */
export class TransformerHistory implements ServingHistory {
  readonly width: number;
  /** `[dim]` */
  readonly #start: Float32Array;
  readonly #blocks: readonly ServingBlock[];
  readonly #scale: Float32Array;
  /** `[types, dim]` */
  readonly #types?: Float32Array;
  readonly #scratch = [new DoubleScratch(), new DoubleScratch()] as const;

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly vectors: VectorTable,
    types: number,
  ) {
    const { embeddingDim, historyLength, historyBlocks, historyHeads } = towers.config;
    this.width = embeddingDim;
    this.#start = weightOf(towers, `${name}.start`, [1, embeddingDim]);
    this.#blocks = Array.from(
      { length: historyBlocks },
      (_, i) => new ServingBlock(towers, `${name}.blocks.${i}`, embeddingDim, historyHeads, historyLength + 1),
    );
    this.#scale = weightOf(towers, `${name}.scale`, [embeddingDim]);
    if (types > 0) this.#types = weightOf(towers, typesWeight(name), [types, embeddingDim]);
  }

  encode(histories: Histories, out: Columns): void {
    const dim = this.width;
    const batch = histories.offsets.length - 1;
    // Each sequence is one place longer than its history: the start token stands before it.
    const offsets = histories.offsets.map((offset, user) => offset + user);
    const newest = Int32Array.from({ length: batch }, (_, user) => offsets[user + 1] - 1);
    const every = Int32Array.from({ length: offsets[batch] }, (_, place) => place);
    let x = this.#read(histories, offsets);
    this.#blocks.forEach((block, i) => {
      if (i === this.#blocks.length - 1) {
        block.forward(x, offsets, newest, out);
        return;
      }
      const next = this.#scratch[(i + 1) % 2].take(offsets[batch] * dim);
      block.forward(x, offsets, every, { values: next, stride: dim, offset: 0 });
      x = next;
    });
    for (let user = 0; user < batch; user++) {
      const at = user * out.stride + out.offset;
      normaliseRow(out.values, at, out.values, at, dim);
      for (let i = 0; i < dim; i++) out.values[at + i] *= this.#scale[i];
    }
  }

  /** The start token and the items of every sequence, `[places, dim]`. */
  #read({ rows, types, offsets: histories }: Histories, offsets: Int32Array): Float64Array {
    const { values } = this.vectors;
    const typeVectors = this.#types;
    const dim = this.width;
    const scale = Math.sqrt(dim);
    const x = this.#scratch[0].take(offsets[offsets.length - 1] * dim);
    for (let user = 0; user < offsets.length - 1; user++) {
      let to = offsets[user] * dim;
      for (let i = 0; i < dim; i++) x[to++] = this.#start[i];
      for (let entry = histories[user]; entry < histories[user + 1]; entry++) {
        const from = rows[entry] * dim;
        const type = types === undefined ? -1 : types[entry];
        if (typeVectors === undefined || type < 0) {
          for (let i = 0; i < dim; i++) x[to++] = scale * values[from + i];
        } else {
          for (let i = 0; i < dim; i++) x[to++] = scale * (values[from + i] + typeVectors[type * dim + i]);
        }
      }
    }
    return x;
  }
}
