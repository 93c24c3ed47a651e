import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CallerThreadIndex,
  EngineGraph,
  EngineIndex,
  ExactIndex,
  HnswIndex,
  NeighbourSample,
  recallAt,
} from '@vector-recall/hnsw-index';
import type { VectorSet } from './vector-sets';

export interface RecallComparison {
  /** `"recall@K"` of plain hnswlib with `ef` and of the engine with `efSearch`, in the same graph. */
  readonly hnswlib: Readonly<Record<string, number>>;
  readonly engine: Readonly<Record<string, number>>;
  /** What the engine compares by, as the build has chosen. */
  readonly codes: string;
  readonly bytesPerVector: number;
}

const CONFIG = { m: 16, efConstruction: 200, efSearch: 500 };

/** Builds one graph over a set, and searches it both ways. */
export async function compareRecall(
  set: VectorSet,
  cutoffs: readonly number[],
  efSearch = 500,
): Promise<RecallComparison> {
  const { items, dim, space, queries } = set;
  const sample = NeighbourSample.of(new ExactIndex(items, dim, space), queries, Math.max(...cutoffs));
  const folder = await mkdtemp(join(tmpdir(), 'index-codes-'));
  try {
    const graph = await EngineGraph.build(items, dim, { config: CONFIG, space, seed: 1 });
    await graph.save(folder);
    const plain = new CallerThreadIndex(await HnswIndex.load(folder), efSearch);
    const hnswlib = await recallAt(plain, sample, cutoffs, { efSearch });
    const index = await EngineIndex.fromGraph(graph);
    const engine = await recallAt(index, sample, cutoffs, { efSearch });
    await index.close();
    return { hnswlib, engine, codes: index.info.precision, bytesPerVector: index.info.bytesPerVector };
  } finally {
    await rm(folder, { recursive: true });
  }
}
