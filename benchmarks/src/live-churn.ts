import { Command } from 'commander';
import { EngineIndex } from '@vector-recall/hnsw-index';
import { LiveIndex, type LiveIndexEvent } from '@vector-recall/live-index';
import { RandomStream } from '@vector-recall/random';
import { machineShape } from './machine';
import { print } from './serving/print';
import { latenciesOf, ms, whole } from './serving/statistics';
import { markdownTable } from './table';

interface Options {
  readonly items: number;
  readonly dim: number;
  readonly k: number;
  readonly queries: number;
}

/** Around a thousand centres, as trained vectors lie. */
function clustered(rows: number, dim: number, random: RandomStream, centres: Float32Array): Float32Array {
  const vectors = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++) {
    const centre = random.integer(centres.length / dim) * dim;
    for (let d = 0; d < dim; d++) vectors[row * dim + d] = centres[centre + d] + 0.5 * random.normal();
  }
  return vectors;
}

async function main({ items, dim, k, queries }: Options): Promise<void> {
  const random = new RandomStream(1, 'churn');
  const centres = Float32Array.from({ length: 1000 * dim }, () => random.normal());
  const vectors = clustered(items, dim, random, centres);
  const asked = clustered(queries, dim, random, centres);
  const merges: LiveIndexEvent[] = [];
  const liveIndex = async (of: Float32Array): Promise<LiveIndex> =>
    new LiveIndex({
      base: await EngineIndex.build(of, dim, { config: { m: 16, efConstruction: 200, efSearch: k }, seed: 1 }),
      baseVector: (row) => Promise.resolve(of.slice(row * dim, (row + 1) * dim)),
      readBaseVectors: (first, into) => {
        into.set(of.subarray(first * dim, first * dim + into.length));
        return Promise.resolve();
      },
      onEvent: (event) => merges.push(event),
    });
  const begun = performance.now();
  const index = await liveIndex(vectors);
  const built = performance.now() - begun;
  const searchTimes = async (of = index): Promise<number[]> => {
    const times: number[] = [];
    for (let q = 0; q < queries; q++) {
      const snapshot = of.lease();
      const start = performance.now();
      await snapshot.search([{ vector: asked.subarray(q * dim, (q + 1) * dim), k }]);
      times.push(performance.now() - start);
      snapshot.release();
    }
    return times;
  };
  const rows: string[][] = [];
  const measure = async (state: string, of = index): Promise<void> => {
    const { p50, p95, p99 } = latenciesOf(await searchTimes(of));
    const { graphs, blocks, baseDead } = of.stats;
    const beside = [...graphs, ...blocks.map(({ living }) => living)];
    rows.push([state, whole(baseDead), beside.map(whole).join(' + ') || '0', ms(p50), ms(p95), ms(p99)]);
  };
  await searchTimes();
  await measure('clean');
  // Just below a tenth, past which the base is built anew: half of it new items, half of it replaced ones.
  const changed = Math.floor(items * 0.0995);
  const fresh = clustered(changed, dim, random, centres);
  const now = new Map(Array.from({ length: items }, (_, row) => [row, vectors.subarray(row * dim, (row + 1) * dim)]));
  const change = (changes: readonly { readonly row: number; readonly vector: Float32Array }[]): void => {
    index.apply(changes);
    for (const { row, vector } of changes) now.set(row, vector);
  };
  const apply = (from: number, to: number): void => {
    change(
      Array.from({ length: to - from }, (_, i) => {
        const n = from + i;
        const row = n % 2 === 0 ? items + n : (n * 7919) % items;
        return { row, vector: fresh.slice(n * dim, (n + 1) * dim) };
      }),
    );
  };
  const start = performance.now();
  for (let n = 0; n < changed; n += 100) {
    apply(n, Math.min(changed, n + 100));
    await new Promise(setImmediate);
  }
  const applied = performance.now() - start;
  await index.settled();
  await measure('a tenth changed');
  const more = clustered(Math.ceil(items * 0.001), dim, random, centres);
  change(
    Array.from({ length: more.length / dim }, (_, i) => {
      return { row: 3 * items + i, vector: more.slice(i * dim, (i + 1) * dim) };
    }),
  );
  await measure('while it is merged');
  await index.settled();
  const merged = new Float32Array(now.size * dim);
  [...now.values()].forEach((vector, n) => {
    merged.set(vector, n * dim);
  });
  const clean = await liveIndex(merged);
  await searchTimes(clean);
  // By turns, for a machine is not always as fast.
  for (let turn = 0; turn < 3; turn++) {
    await measure('merged');
    await measure('the same items built anew', clean);
  }
  print(`${whole(items)} × ${dim}, top ${k}, one query at a time, on ${machineShape()}\n`);
  print(markdownTable(['state', 'dead in the base', 'beside it', 'p50', 'p95', 'p99'], rows));
  print(`\n${whole(items)} items built in ${(built / 1000).toFixed(1)} s`);
  print(`${whole(changed)} changes taken up in ${whole(applied)} ms`);
  for (const event of merges) {
    if (event.type === 'problem') print(`A merge failed: ${String(event.error)}`);
    else if (event.kind !== 'join')
      print(`Base of ${whole(event.items)} items (${event.kind}): ${(event.ms / 1000).toFixed(1)} s`);
  }
  await index.close();
  await clean.close();
}

void main(
  new Command('live-churn')
    .description('Searches of an index of which a tenth changes: before, while and after it is merged.')
    .option('--items <count>', 'items of the base', Number, 1_000_000)
    .option('--dim <count>', 'dimensions', Number, 128)
    .option('--k <count>', 'items a query', Number, 500)
    .option('--queries <count>', 'queries of each measurement', Number, 1000)
    .parse()
    .opts<Options>(),
);
