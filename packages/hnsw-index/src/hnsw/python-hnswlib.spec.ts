import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineGraph } from '../native/engine-graph';
import { clusteredVectors } from '../testing/clustered-vectors';
import type { Space } from '../vector-index';
import { HnswIndex } from './hnsw-index';

const DIM = 24;
const K = 15;
const EF = 80;

/** The system's Python comes second: a version manager's may hide the one that has the distribution's packages. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import hnswlib, numpy']).status === 0,
);

const script = `
import json, sys, hnswlib, numpy
file, queries, space, dim, k, ef = sys.argv[1:]
index = hnswlib.Index(space=space, dim=int(dim))
index.load_index(file)
index.set_ef(int(ef))
index.set_num_threads(1)
labels, distances = index.knn_query(numpy.fromfile(queries, dtype=numpy.float32).reshape(-1, int(dim)), k=int(k))
json.dump({"count": index.get_current_count(), "labels": labels.tolist(), "distances": distances.tolist()}, sys.stdout)
`;

const answerSchema = z.object({
  count: z.number(),
  labels: z.array(z.array(z.number())),
  distances: z.array(z.array(z.number())),
});

const whereInstalled = python === undefined ? describe.skip : describe;

whereInstalled("Python's hnswlib (python3-hnswlib)", () => {
  it.each<[Space, string, typeof EngineGraph | typeof HnswIndex]>([
    ['cosine', 'hnswlib-node', HnswIndex],
    ['ip', 'hnswlib-node', HnswIndex],
    ['l2', 'hnswlib-node', HnswIndex],
    ['cosine', 'the engine', EngineGraph],
    ['l2', 'the engine', EngineGraph],
  ])('opens hnsw.bin and finds the same neighbours under %s, built by %s', async (space, _, builder) => {
    const folder = await mkdtemp(join(tmpdir(), 'python-hnswlib-'));
    try {
      const queries = clusteredVectors(40, DIM, 2);
      const config = { m: 12, efConstruction: 80, efSearch: EF };
      const graph = await builder.build(clusteredVectors(2000, DIM, 1), DIM, { config, space, seed: 9 });
      await graph.save(folder);
      const index = await HnswIndex.load(folder);
      const queryFile = join(folder, 'queries.f32');
      await writeFile(queryFile, queries);

      const given = [join(folder, 'hnsw.bin'), queryFile, space, DIM, K, EF].map(String);
      const output = execFileSync(python ?? '', ['-c', script, ...given], { encoding: 'utf8' });
      const answer = answerSchema.parse(JSON.parse(output));

      expect(answer.count).toBe(2000);
      index.searchBatch(queries, K).forEach(({ labels, scores }, q) => {
        expect([...labels]).toEqual(answer.labels[q]);
        scores.forEach((score, i) => {
          const distance = answer.distances[q][i];
          expect(score).toBeCloseTo(space === 'l2' ? -distance : 1 - distance, 4);
        });
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
