import { AttributeSchema, AttributeTable } from '@vector-recall/item-catalogue';
import { directionOf } from '@vector-recall/hnsw-index';
import { RandomStream } from '@vector-recall/random';
import * as fc from 'fast-check';
import { LiveAttributes } from '../filtering/live-attributes';
import { applyRules, type RuleSources } from './apply-rules';
import { ItemAttributes } from './item-attributes';
import type { ParsedRules } from './parse-rules';

const ITEMS = 80;
const DIM = 6;
const NOW = 1_000_000;
const random = new RandomStream(3, 'rules');
const vectors = Array.from({ length: ITEMS }, () => Float32Array.from({ length: DIM }, () => random.normal()));
const brands = Array.from({ length: ITEMS }, (_, row) =>
  row % 7 === 0 ? [] : [`b${row % 5}`, ...(row % 4 === 0 ? ['x'] : [])],
);
const shelves = Array.from({ length: ITEMS }, (_, row) => `s${Math.floor(row / 9)}`);
const table = AttributeTable.fromRecords(
  new AttributeSchema([
    { name: 'brand', kind: 'labels' },
    { name: 'shelf', kind: 'labels' },
    { name: 'margin', kind: 'number' },
    { name: 'added', kind: 'date' },
  ]),
  Array.from({ length: ITEMS }, (_, row) => ({
    brand: brands[row],
    shelf: shelves[row],
    margin: row % 3 === 0 ? undefined : row / ITEMS,
    added: row % 4 === 0 ? undefined : NOW - row * 100,
  })),
);

const sources: RuleSources = {
  attributes: new ItemAttributes(table),
  dim: DIM,
  writeDirections: async (rows, into) => {
    for (const [place, row] of rows.entries()) into.set(directionOf(vectors[row]), place * DIM);
    await Promise.resolve();
  },
  now: NOW,
};
const none: ParsedRules = { pool: ITEMS, caps: [], decays: [], boosts: [], promoted: new Int32Array(0), quota: 0 };

/** Rows in an order of their own, with descending scores, some of them below 0. */
function poolOf(rows: readonly number[]) {
  return {
    labels: Int32Array.from(rows),
    scores: Float32Array.from(rows, (_, place) => Math.fround(1 - place / 30)),
    plan: 'graph' as const,
  };
}

const anyPool = fc.shuffledSubarray(Array.from({ length: ITEMS }, (_, row) => row));
const anyRules: fc.Arbitrary<ParsedRules> = fc.record({
  pool: fc.constant(ITEMS),
  caps: fc.subarray([
    { attribute: 'brand', most: 2 },
    { attribute: 'shelf', most: 1 },
    { attribute: 'brand', most: 5 },
  ]),
  lambda: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  decays: fc.subarray([{ attribute: 'added', halfLife: 700 }]),
  boosts: fc.subarray([
    { attribute: 'margin', weight: 0.5 },
    { attribute: 'margin', weight: -1e308 },
  ]),
  promoted: fc.subarray([3, 5, 9, 33, 34, 61]).map((rows) => Int32Array.from(rows)),
  quota: fc.integer({ min: 1, max: 6 }),
});

it('never returns more of a label than its cap, nothing twice, and nothing from outside', async () => {
  await fc.assert(
    fc.asyncProperty(anyPool, anyRules, fc.integer({ min: 1, max: 40 }), async (rows, rules, topK) => {
      const found = poolOf(rows);
      const promoted = { labels: rules.promoted, scores: new Float32Array(rules.promoted.length).fill(-0.5) };
      const { labels, scores, rules: outcome } = await applyRules({ found, promoted, rules, topK }, sources);
      expect(labels.length).toBeLessThanOrEqual(topK);
      expect(new Set(labels).size).toBe(labels.length);
      for (const row of labels) expect(rows.includes(row) || rules.promoted.includes(row)).toBe(true);
      for (const { attribute, most } of rules.caps) {
        const of = attribute === 'brand' ? brands : shelves.map((shelf) => [shelf]);
        const counts = new Map<string, number>();
        for (const row of labels) for (const label of of[row]) counts.set(label, (counts.get(label) ?? 0) + 1);
        for (const count of counts.values()) expect(count).toBeLessThanOrEqual(most);
      }
      if (rules.caps.length === 0) expect(labels.length).toBeGreaterThanOrEqual(Math.min(topK, rows.length));
      expect(scores.length).toBe(labels.length);
      expect(outcome.placements.length).toBe(labels.length);
      expect(outcome.placements.filter((placement) => placement === 'promoted').length).toBeLessThanOrEqual(
        rules.quota,
      );
      if (outcome.added !== undefined) expect(outcome.added.every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('returns the best of the pool as they are where no rule binds', async () => {
  await fc.assert(
    fc.asyncProperty(anyPool, fc.integer({ min: 1, max: ITEMS }), fc.boolean(), async (rows, topK, isDiverse) => {
      const found = poolOf(rows);
      const caps = [{ attribute: 'brand', most: ITEMS }];
      const rules = { ...none, caps, lambda: isDiverse ? 1 : undefined };
      const { labels, scores, rules: outcome } = await applyRules({ found, rules, topK }, sources);
      expect([...labels]).toEqual(rows.slice(0, topK));
      expect([...scores]).toEqual([...found.scores.subarray(0, topK)]);
      expect(outcome).toEqual({
        pool: rows.length,
        placements: labels.length === 0 ? [] : Array(labels.length).fill('score'),
      });
    }),
  );
});

it('says why each item stands where it does', async () => {
  // Of the brands b1, b1, b2, b1, b3.
  const found = poolOf([1, 6, 2, 11, 3]);
  const capped = { ...none, caps: [{ attribute: 'brand', most: 1 }], promoted: Int32Array.of(11, 60, 13), quota: 2 };
  const promoted = { labels: Int32Array.of(13, 11), scores: Float32Array.of(0.1, 0.2) };
  const result = await applyRules({ found, promoted, rules: capped, topK: 4 }, sources);
  // 11 is of b1, which is full then; 13 is of b3; 60 may not be returned.
  expect([...result.labels]).toEqual([11, 13, 2]);
  expect(result.rules).toEqual({ pool: 5, placements: ['promoted', 'promoted', 'cap'] });
  expect(result.plan).toBe('graph');
});

it('ranks by difference from what stands before', async () => {
  const same = Float32Array.of(1, 0);
  const other = Float32Array.of(0, 1);
  const pair: RuleSources = {
    ...sources,
    dim: 2,
    writeDirections: async (_, into) => {
      into.set([same, same, other].flatMap((vector) => [...directionOf(vector)]));
      await Promise.resolve();
    },
  };
  const found = poolOf([1, 2, 3]);
  const result = await applyRules({ found, rules: { ...none, lambda: 0.5 }, topK: 2 }, pair);
  expect([...result.labels]).toEqual([1, 3]);
  expect(result.rules.placements).toEqual(['score', 'diversity']);
});

it('halves scores by age, lowers those below 0, adds numbers, and tells what it added', async () => {
  // Ages 100, 200, none, 500; margins 1/80, 2/80, 4/80, 5/80.
  const found = { labels: Int32Array.of(1, 2, 4, 5), scores: Float32Array.of(0.75, 0.5, 0.25, -0.5) };
  const decays = [{ attribute: 'added', halfLife: 100 }];
  const boosts = [{ attribute: 'margin', weight: 80 }];
  const aged = await applyRules({ found, rules: { ...none, decays }, topK: 4 }, sources);
  expect([...aged.labels]).toEqual([1, 4, 2, 5]);
  expect([...(aged.rules.added ?? [])]).toEqual([-0.375, 0, -0.375, Math.fround(-0.5 * (1 - 0.5 ** 5))]);
  const both = await applyRules({ found, rules: { ...none, decays, boosts }, topK: 2 }, sources);
  // 0.25 + 4 and −0.97 + 5.
  expect([...both.labels]).toEqual([4, 5]);
  expect([...both.scores]).toEqual([0.25, -0.5]);
  expect(both.rules.placements).toEqual(['score', 'score']);
});

it('reads what changed since the training', async () => {
  const live = new LiveAttributes(table.schema, ITEMS);
  live.set(1, { brand: 'b2', margin: 5 });
  live.set(ITEMS, { brand: 'b2', margin: 7 });
  const now = { ...sources, attributes: new ItemAttributes(table, live) };
  const found = { labels: Int32Array.of(1, 2, ITEMS, ITEMS + 1), scores: Float32Array.of(0.4, 0.3, 0.2, 0.1) };
  const caps = await applyRules({ found, rules: { ...none, caps: [{ attribute: 'brand', most: 1 }] }, topK: 4 }, now);
  expect([...caps.labels]).toEqual([1, ITEMS + 1]);
  const boosts = [{ attribute: 'margin', weight: 1 }];
  const boosted = await applyRules({ found, rules: { ...none, boosts }, topK: 4 }, now);
  expect([...boosted.labels]).toEqual([ITEMS, 1, 2, ITEMS + 1]);
});
