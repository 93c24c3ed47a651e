import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineGraph, EngineIndex } from '@vector-recall/hnsw-index';
import { readMatrix, rowsOf, type Matrix } from './matrix';
import type { EngineJob } from './measurement';
import type { Searchable } from './sweep';

/** Where the graph lies that `hnswlib-node` searches too. */
export const graphFolder = (job: EngineJob): string => join(job.folder, `graph-m${job.m}-ef${job.efConstruction}`);

/** Our engine, on all threads. Its setting is `efSearch`. */
export async function openEngine(job: EngineJob, queries: Matrix): Promise<Searchable> {
  const file = join(graphFolder(job), 'hnsw.engine');
  const buildSeconds = existsSync(file) ? null : await build(job, file);
  const index = await EngineIndex.open(file, { verify: 'header' });
  const { k } = job;
  const vectors = rowsOf(queries);
  let asked = vectors.map((vector) => ({ vector, k, efSearch: 1 }));
  const search = async (queried: typeof asked): Promise<Int32Array[]> =>
    (await index.searchMany(queried)).map(({ labels }) => labels);
  return {
    buildSeconds,
    bytesPerVector: index.info.bytesPerVector,
    use: (efSearch) => {
      asked = vectors.map((vector) => ({ vector, k, efSearch }));
    },
    one: (row) => index.searchSync(asked[row]).labels,
    awaitOne: async (row) => (await search([asked[row]]))[0],
    all: () => search(asked),
    close: () => index.close(),
  };
}

/** @returns seconds, from vectors in memory to an index that could be searched */
async function build(job: EngineJob, file: string): Promise<number> {
  const { values, dim } = await readMatrix(job.vectors);
  const config = { m: job.m, efConstruction: job.efConstruction, efSearch: job.k };
  const start = performance.now();
  const graph = await EngineGraph.build(values, dim, { config, seed: 1 });
  const index = await EngineIndex.fromGraph(graph);
  const seconds = (performance.now() - start) / 1000;
  mkdirSync(graphFolder(job), { recursive: true });
  await graph.save(graphFolder(job));
  await index.save(file);
  await index.close();
  return seconds;
}
