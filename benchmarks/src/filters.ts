import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EngineIndex,
  ExactIndex,
  NeighbourSample,
  SearchIndex,
  servingFile,
  tuneSearch,
} from '@vector-recall/hnsw-index';
import { Command } from 'commander';
import hnswlib from 'hnswlib-node';
import { drawFilter, subsetOf, type DrawnFilter, type Matrices } from './filters/draw-filter';
import { FaissPeer } from './filters/faiss-peer';
import { drawVectors, vectorSets } from './index-codes/vector-sets';
import { machineShape } from './machine';
import { markdownTable } from './table';

const K = 500;
const SHARES = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001];

interface Options {
  readonly rows: number;
  readonly queries: number;
  readonly set: string;
  readonly shares: string;
  readonly hnswlib: boolean;
  readonly python?: string;
}

type Search = (query: Float32Array) => { readonly rows: Iterable<number>; readonly plan?: string };

interface Measured {
  readonly recall: number;
  readonly p50Ms: number;
  readonly plan: string;
}

/** Of the true rows of all queries. */
function shareFound(found: readonly Iterable<number>[], truth: readonly ReadonlySet<number>[]): number {
  let hits = 0;
  let wanted = 0;
  for (const [i, rows] of found.entries()) {
    wanted += truth[i].size;
    for (const row of rows) hits += truth[i].has(row) ? 1 : 0;
  }
  return hits / wanted;
}

/** Recall and time of searches one after the other. */
function measure({ queries }: DrawnFilter, truth: readonly ReadonlySet<number>[], search: Search): Measured {
  // The first search makes the filter's bits in the order of the graph.
  search(queries[0]);
  const times: number[] = [];
  const plans = new Set<string>();
  const found: Iterable<number>[] = [];
  for (const query of queries) {
    const start = performance.now();
    const { rows, plan = '' } = search(query);
    times.push(performance.now() - start);
    plans.add(plan);
    found.push(rows);
  }
  times.sort((a, b) => a - b);
  return { recall: shareFound(found, truth), p50Ms: times[times.length >> 1], plan: [...plans].join(' and ') };
}

function exactRows({ items, dim }: Matrices, { rows, queries }: DrawnFilter): ReadonlySet<number>[] {
  const exact = new ExactIndex(subsetOf(items, dim, rows), dim);
  return queries.map((query) => new Set(Array.from(exact.search(query, K).labels, (place) => rows[place])));
}

interface Opened {
  readonly engine: EngineIndex;
  readonly peer?: hnswlib.HierarchicalNSW;
  readonly faiss?: FaissPeer;
  close(): Promise<void>;
}

/** Builds an index that is tuned to find 95 % of the nearest 500, and opens it for the engine and its peers. */
async function openIndexes(matrices: Matrices, { hnswlib: withPeer, python }: Options): Promise<Opened> {
  const { items, queries, dim } = matrices;
  const folder = await mkdtemp(join(tmpdir(), 'filters-'));
  const built = await SearchIndex.build(items, dim, { config: { m: 16, efConstruction: 200 }, seed: 1 });
  const sample = NeighbourSample.of(new ExactIndex(items, dim), queries, K);
  const tuned = built.withTuning(await tuneSearch(built, sample, { targetRecall: 0.95, cutoffs: [K] }));
  await tuned.save(folder);
  await built.close();
  const peer = withPeer ? new hnswlib.HierarchicalNSW('cosine', dim) : undefined;
  await peer?.readIndex(join(folder, 'hnsw.bin'));
  peer?.setEf(K);
  const faiss = python === undefined ? undefined : await FaissPeer.open(python, folder, matrices);
  const engine = await EngineIndex.open(join(folder, servingFile), { threads: 1 });
  const close = async (): Promise<void> => {
    await engine.close();
    await rm(folder, { recursive: true });
  };
  return { engine, peer, faiss, close };
}

/** Prints recall and time of filtered searches by the share of the items that a filter allows, as a Markdown table. */
async function main(): Promise<void> {
  const options = new Command('filters')
    .option('--rows <n>', 'vectors', Number, 100_000)
    .option('--queries <n>', 'queries for each filter', Number, 100)
    .option('--set <name>', `one of: ${vectorSets.join('; ')}`, vectorSets[0])
    .option('--shares <list>', 'shares of the items that filters allow', SHARES.join(','))
    .option('--no-hnswlib', 'leave out hnswlib-node with its callback filter')
    .option('--python <path>', 'a Python with faiss; without it faiss is left out')
    .parse()
    .opts<Options>();
  const matrices = drawVectors(options.set, options.rows, 4 * options.queries);
  const opened = await openIndexes(matrices, options);
  const { engine, peer, faiss } = opened;
  const lines: string[][] = [];
  for (const shape of ['random', 'far'] as const) {
    for (const share of options.shares.split(',').map(Number)) {
      const filter = drawFilter(shape, share, options.queries, matrices);
      const truth = exactRows(matrices, filter);
      const isAllowed = new Uint8Array(options.rows);
      for (const row of filter.rows) isAllowed[row] = 1;
      const search = (vector: Float32Array, allowed?: DrawnFilter['bits']) => {
        const { labels, plan } = engine.searchSync({ vector, k: K, allowed });
        return { rows: labels, plan };
      };
      const plain = measure(filter, truth, (vector) => search(vector));
      const ours = measure(filter, truth, (vector) => search(vector, filter.bits));
      const theirs =
        peer &&
        measure(filter, truth, (vector) => {
          return { rows: peer.searchKnn(Array.from(vector), K, (label) => isAllowed[label] === 1).neighbors };
        });
      const ofFaiss = await faiss?.search(filter, K);
      lines.push([
        shape,
        `${100 * share} %`,
        ours.plan,
        ours.recall.toFixed(4),
        ours.p50Ms.toFixed(3),
        `${(ours.p50Ms / plain.p50Ms).toFixed(1)}×`,
        ...(theirs === undefined ? [] : [theirs.recall.toFixed(4), theirs.p50Ms.toFixed(3)]),
        ...(ofFaiss === undefined ? [] : [shareFound(ofFaiss.found, truth).toFixed(4), ofFaiss.p50Ms.toFixed(3)]),
      ]);
      process.stderr.write(`${lines.at(-1)?.join('  ')}\n`);
    }
  }
  await opened.close();
  const head = ['filter', 'allows', 'plan', `recall@${K}`, 'p50 ms', '÷ unfiltered'];
  const peerHead = peer === undefined ? [] : [`hnswlib-node recall@${K}`, 'hnswlib-node p50 ms'];
  const faissHead = faiss === undefined ? [] : [`faiss IVF,SQ8 recall@${K}`, 'faiss p50 ms'];
  const shape = `${options.rows.toLocaleString('en')} vectors (${options.set}), efSearch ${engine.efSearch}; ${machineShape()}`;
  process.stdout.write(`${markdownTable([...head, ...peerHead, ...faissHead], lines)}\n\n${shape}\n`);
}

void main();
