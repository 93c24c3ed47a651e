import { statSync } from 'node:fs';
import { join } from 'node:path';
import hnswlib from 'hnswlib-node';
import { graphFolder } from './engine';
import { readMatrix, rowsOf, type Matrix } from './matrix';
import type { EngineJob } from './measurement';
import type { Searchable } from './sweep';

/** hnswlib-node on the graph that our engine has built. Its setting is `ef`. */
export async function openHnswlib(job: EngineJob, queries: Matrix): Promise<Searchable> {
  const file = join(graphFolder(job), 'hnsw.bin');
  const index = new hnswlib.HierarchicalNSW('cosine', queries.dim);
  await index.readIndex(file);
  // It takes plain arrays; what they cost to make is not counted.
  const points = rowsOf(queries).map((row) => Array.from(row));
  const one = (row: number): number[] => index.searchKnn(points[row], job.k).neighbors;
  return {
    buildSeconds: null,
    bytesPerVector: statSync(file).size / index.getCurrentCount(),
    use: (ef) => {
      index.setEf(ef);
    },
    one,
    all: () => points.map((_, row) => one(row)),
    close: () => undefined,
  };
}

/** @returns seconds that hnswlib-node's own `addPoint` takes for all vectors, one after the other */
export async function buildByAddPoint(job: EngineJob): Promise<number> {
  const vectors = await readMatrix(job.vectors);
  const index = new hnswlib.HierarchicalNSW('cosine', vectors.dim);
  index.initIndex(vectors.rows, job.m, job.efConstruction, 1);
  const start = performance.now();
  rowsOf(vectors).forEach((row, label) => {
    index.addPoint(Array.from(row), label);
  });
  return (performance.now() - start) / 1000;
}
