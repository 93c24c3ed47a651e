import { performance } from 'node:perf_hooks';
import type { HnswConfig } from '@vector-recall/core-config';
import { SearchIndex } from '@vector-recall/hnsw-index';
import type { TwoTowerModel } from '@vector-recall/towers';
import type { AssessedIndex } from './index-quality';
import type { IndexReport } from './index-report';

/** `efSearch` 0 leaves the breadth of searches to be tuned. */
export type GraphConfig = Pick<HnswConfig, 'm' | 'efConstruction' | 'efSearch'>;

export interface IndexBuilderOptions {
  /** Seed of the graph's levels. Default 42. */
  readonly seed?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface BuiltIndex {
  readonly index: SearchIndex;
  /** `[items, dim]`, of length one; label n of the index is row n. */
  readonly vectors: Float32Array;
  readonly buildSeconds: number;
}

/** Turns a model's items into a graph that finds them by cosine. */
export class IndexBuilder {
  constructor(
    private readonly model: TwoTowerModel,
    private readonly config: GraphConfig,
    private readonly options: IndexBuilderOptions = {},
  ) {}

  /** @param itemRows the items to index, `[items]`; all of the model's by default */
  async build(itemRows?: Int32Array): Promise<BuiltIndex> {
    const rows = itemRows ?? Int32Array.from({ length: this.model.inputs.items.count }, (_, row) => row);
    return buildIndex(this.model.encodeItems(rows), this.model.dim, this.config, this.options);
  }
}

/** @param vectors `[items, dim]`, kept in the result */
export async function buildIndex(
  vectors: Float32Array,
  dim: number,
  config: GraphConfig,
  { seed = 42, onProgress, signal }: IndexBuilderOptions = {},
): Promise<BuiltIndex> {
  const startedAt = performance.now();
  const index = await SearchIndex.build(vectors, dim, { config, space: 'cosine', seed, onProgress, signal });
  return { index, vectors, buildSeconds: (performance.now() - startedAt) / 1000 };
}

export function describeIndex({ index, recall, limitedBy }: AssessedIndex, buildSeconds: number): IndexReport {
  const { engine, size, dim, efSearch, tuning, memoryBytes } = index;
  const { m, efConstruction } = index.config;
  const reached = limitedBy === undefined ? { isReached: true } : { isReached: false, limitedBy };
  const target = tuning && { targetRecall: tuning.targetRecall, ...reached };
  return { engine, items: size, dim, m, efConstruction, efSearch, ...target, buildSeconds, bytes: memoryBytes, recall };
}
