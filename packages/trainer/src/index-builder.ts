import { performance } from 'node:perf_hooks';
import type { HnswConfig } from '@vector-recall/core-config';
import { HnswIndex } from '@vector-recall/hnsw-index';
import type { TwoTowerModel } from '@vector-recall/towers';

export interface IndexBuilderOptions {
  /** Seed of the graph's levels. Default 42. */
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface BuiltIndex {
  readonly index: HnswIndex;
  /** `[items, dim]`, of length one; label n of the index is row n. */
  readonly vectors: Float32Array;
  readonly buildSeconds: number;
}

/** Turns a model's items into a graph that finds them by cosine. */
export class IndexBuilder {
  constructor(
    private readonly model: TwoTowerModel,
    private readonly config: Omit<HnswConfig, 'preset'>,
    private readonly options: IndexBuilderOptions = {},
  ) {}

  /** @param itemRows the items to index, `[items]`; all of the model's by default */
  async build(itemRows?: Int32Array): Promise<BuiltIndex> {
    const rows = itemRows ?? Int32Array.from({ length: this.model.inputs.items.count }, (_, row) => row);
    return this.buildFrom(this.model.encodeItems(rows));
  }

  /** @param vectors item vectors that are at hand already, `[items, dim]` */
  async buildFrom(vectors: Float32Array): Promise<BuiltIndex> {
    const startedAt = performance.now();
    const index = await HnswIndex.build(vectors, this.model.config.embeddingDim, {
      config: this.config,
      space: 'cosine',
      seed: this.options.seed ?? 42,
      onProgress: this.options.onProgress,
      signal: this.options.signal,
    });
    return { index, vectors, buildSeconds: (performance.now() - startedAt) / 1000 };
  }
}
