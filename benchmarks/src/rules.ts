import { EngineIndex } from '@vector-recall/hnsw-index';
import { AttributeSchema, AttributeTable } from '@vector-recall/item-catalogue';
import { applyRules, ItemAttributes } from '@vector-recall/recall-service';
import { Command } from 'commander';
import { drawVectors, vectorSets } from './index-codes/vector-sets';
import { machineShape } from './machine';
import { markdownTable } from './table';

const TOP_K = 500;
const POOL = 2000;
const BRANDS = 300;
const DAY = 86_400;
const NOW = 1_800_000_000;

interface Options {
  readonly rows: number;
  readonly queries: number;
  readonly rounds: number;
  readonly set: string;
}

type Rules = Parameters<typeof applyRules>[0]['rules'];

const none: Rules = { pool: POOL, caps: [], decays: [], boosts: [], promoted: new Int32Array(0), quota: 0 };
const caps = [{ attribute: 'brand', most: 3 }];
const decays = [{ attribute: 'added', halfLife: 30 * DAY }];
const boosts = [{ attribute: 'margin', weight: 0.1 }];

const sets: readonly (readonly [name: string, rules: Rules])[] = [
  ['none', none],
  ['caps', { ...none, caps }],
  ['decay and boost', { ...none, decays, boosts }],
  ['diversity, lambda 0.9', { ...none, lambda: 0.9 }],
  ['diversity, lambda 0.7', { ...none, lambda: 0.7 }],
  ['diversity, lambda 0.5', { ...none, lambda: 0.5 }],
  ['all of them, lambda 0.7', { ...none, caps, decays, boosts, lambda: 0.7 }],
];

/** Of many brands that few items have, and few that many have. */
function drawAttributes(rows: number): AttributeTable {
  const schema = new AttributeSchema([
    { name: 'brand', kind: 'labels' },
    { name: 'margin', kind: 'number' },
    { name: 'added', kind: 'date' },
  ]);
  const records = Array.from({ length: rows }, () => ({
    brand: `b${Math.floor(BRANDS * Math.random() ** 2)}`,
    margin: Math.random(),
    added: NOW - Math.random() * 365 * DAY,
  }));
  return AttributeTable.fromRecords(schema, records);
}

async function run({ rows, queries, rounds, set }: Options): Promise<void> {
  const { items, dim, space, queries: drawn } = drawVectors(set, rows, queries);
  const config = { m: 16, efConstruction: 100, efSearch: 200 };
  const index = await EngineIndex.build(items, dim, { config, space, seed: 1, threads: 2 });
  const sources = {
    attributes: new ItemAttributes(drawAttributes(rows)),
    dim,
    writeDirections: async (of: Int32Array, into: Int8Array) => {
      index.writeDirections(of, into);
      await Promise.resolve();
    },
    now: NOW,
  };
  const vectors = Array.from({ length: queries }, (_, i) => drawn.subarray(i * dim, (i + 1) * dim));
  const pools = await index.searchMany(vectors.map((vector) => ({ vector, k: POOL })));
  const lines: string[][] = [];
  for (const [name, rules] of sets) {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      for (const found of pools) {
        const start = performance.now();
        await applyRules({ found, rules, topK: TOP_K }, sources);
        // The first round is for the compiler.
        if (round > 0) times.push(performance.now() - start);
      }
    }
    times.sort((a, b) => a - b);
    const at = (share: number): string => times[Math.floor(share * (times.length - 1))].toFixed(3);
    lines.push([name, at(0.5), at(0.95)]);
  }
  await index.close();
  process.stdout.write(
    `${machineShape()}\n\n${rows} items of ${dim} dimensions (${set}), top ${TOP_K} of a pool of ${POOL}\n\n` +
      `${markdownTable(['rules', 'p50 ms', 'p95 ms'], lines)}\n`,
  );
}

const options = new Command('rules')
  .description('Times rules alone, beside the search: directions, attributes, choice and explanation.')
  .option('--rows <n>', 'items', Number, 100_000)
  .option('--queries <n>', 'pools', Number, 50)
  .option('--rounds <n>', 'times that each pool is ranked', Number, 10)
  .option('--set <name>', `one of: ${vectorSets.join('; ')}`, vectorSets[0])
  .parse()
  .opts<Options>();

void run(options);
