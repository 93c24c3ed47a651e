import { directionOf, EngineIndex, ExactIndex, type IndexSnapshot, type RowBits } from '@vector-recall/hnsw-index';
import { clusteredVectors } from '@vector-recall/hnsw-index/testing';
import { LiveIndex, type LiveIndexEvent } from './live-index';
import { BLOCK_VECTORS } from './merge-policy';

const DIM = 16;
const config = { m: 8, efConstruction: 80, efSearch: 120 };
const open: LiveIndex[] = [];

async function liveIndex(vectors: Float32Array): Promise<{ index: LiveIndex; events: LiveIndexEvent[] }> {
  const base = await EngineIndex.build(vectors, DIM, { config, seed: 1, threads: 2 });
  const events: LiveIndexEvent[] = [];
  const index = new LiveIndex({
    base,
    baseVector: (row) => Promise.resolve(vectors.subarray(row * DIM, (row + 1) * DIM)),
    readBaseVectors: (first, into) => {
      into.set(vectors.subarray(first * DIM, first * DIM + into.length));
      return Promise.resolve();
    },
    onEvent: (event) => events.push(event),
  });
  open.push(index);
  return { index, events };
}

afterEach(async () => {
  for (const index of open.splice(0)) await index.close();
});

async function search(index: LiveIndex, vector: Float32Array, k: number, exclude?: Int32Array): Promise<number[]> {
  const snapshot = index.lease();
  try {
    return [...(await snapshot.search([{ vector, k, exclude }]))[0].labels];
  } finally {
    snapshot.release();
  }
}

const rowOf = (vectors: Float32Array, row: number): Float32Array => vectors.subarray(row * DIM, (row + 1) * DIM);

/** The rows of a snapshot and the sums of their vectors, as a look at every item finds them. */
function itemsOf(index: LiveIndex, stored: Float32Array): Map<number, number> {
  const sumOf = (vector: Float32Array): number => vector.reduce((sum, value) => sum + value, 0);
  const snapshot = index.lease();
  const { stored: rows, changed } = snapshot.vectors?.() ?? {};
  const items = new Map<number, number>();
  for (let row = 0; row < (rows?.rowCount ?? 0); row++) {
    if (((rows?.words[row >>> 5] ?? 0) >>> (row & 31)) % 2 === 1) items.set(row, sumOf(rowOf(stored, row)));
  }
  for (const { row, vector } of changed ?? []) {
    expect(items.has(row)).toBe(false);
    items.set(row, sumOf(vector));
  }
  snapshot.release();
  return items;
}

/** What is in the index, as an exact index tells the truth about it. */
class Truth {
  readonly rows = new Map<number, Float32Array>();

  nearest(vector: Float32Array, k: number): number[] {
    const rows = [...this.rows.keys()];
    const matrix = new Float32Array(rows.length * DIM);
    rows.forEach((row, i) => {
      matrix.set(this.rows.get(row) ?? [], i * DIM);
    });
    return [...new ExactIndex(matrix, DIM).search(vector, k).labels].map((label) => rows[label]);
  }
}

it('finds everything where all that is nearest came last, in a graph and in blocks', async () => {
  const old = clusteredVectors(30_000, DIM, 1);
  const { index } = await liveIndex(old);
  const query = clusteredVectors(1, DIM, 9);
  const near = Array.from({ length: BLOCK_VECTORS + 400 }, (_, i) => {
    return query.map((value, d) => value + 0.05 * Math.sin(i * DIM + d));
  });
  for (let first = 0; first < near.length; first += 500) {
    index.apply(near.slice(first, first + 500).map((vector, i) => ({ row: 30_000 + first + i, vector })));
    await new Promise(setImmediate);
  }
  await index.settled();
  const { graphs, blocks } = index.stats;
  expect([graphs.length, blocks.length]).toEqual([1, 1]);
  const truth = new Truth();
  for (const [i, vector] of near.entries()) truth.rows.set(30_000 + i, vector);
  const expected = new Set(truth.nearest(query, 100));
  const found = await search(index, query, 100);
  const twice = { vector: query, k: 100 };
  const snapshot = index.lease();
  const answers = await snapshot.search([twice, { vector: rowOf(old, 7), k: 10 }, twice]);
  snapshot.release();
  expect(answers.map(({ labels }) => labels.length)).toEqual([100, 10, 100]);
  expect([...answers[2].labels]).toEqual(found);
  expect(found).toHaveLength(100);
  expect(found.filter((row) => expected.has(row)).length).toBeGreaterThan(95);
});

it('tells the directions of what changed, of what was added and of the base, also once it was built anew', async () => {
  const vectors = clusteredVectors(40, DIM, 1);
  const { index } = await liveIndex(vectors);
  const added = clusteredVectors(30, DIM, 2);
  const isNear = async (row: number, vector: Float32Array | undefined): Promise<void> => {
    const snapshot = index.lease();
    const directions = new Int8Array(2 * DIM);
    await snapshot.writeDirections(Int32Array.of(3, row), directions);
    snapshot.release();
    const expected = vector === undefined ? new Int8Array(DIM) : directionOf(vector);
    for (let d = 0; d < DIM; d++) expect(Math.abs(directions[DIM + d] - expected[d])).toBeLessThanOrEqual(2);
  };
  await isNear(7, rowOf(vectors, 7));
  index.apply([{ row: 7, vector: rowOf(added, 0) }, { row: 40, vector: rowOf(added, 1) }, { row: 8 }]);
  for (let round = 0; round < 2; round++) {
    await isNear(7, rowOf(added, 0));
    await isNear(40, rowOf(added, 1));
    await isNear(9, rowOf(vectors, 9));
    await isNear(99, undefined);
    index.apply(Array.from({ length: 39 }, (_, i) => ({ row: 41 + i, vector: rowOf(added, i % 30) })));
    await index.settled();
  }
});

it('returns only rows that a query allows, from the base and from what was added', async () => {
  const vectors = clusteredVectors(300, DIM, 1);
  const { index } = await liveIndex(vectors);
  const added = clusteredVectors(3, DIM, 2);
  const allowedOf = (...rows: number[]): RowBits => {
    const words = new Uint32Array(10);
    for (const row of rows) words[row >>> 5] |= 1 << (row & 31);
    return { words, rowCount: 302, size: rows.length };
  };
  const rowsOf = async (allowed: RowBits): Promise<number[]> => {
    const snapshot = index.lease();
    const [{ labels }] = await snapshot.search([{ vector: rowOf(added, 0), k: 300, allowed }]);
    snapshot.release();
    return [...labels].sort((a, b) => a - b);
  };
  expect(await rowsOf(allowedOf(3, 7, 8, 299, 300))).toEqual([3, 7, 8, 299]);
  index.apply([
    { row: 300, vector: rowOf(added, 0) },
    { row: 301, vector: rowOf(added, 2) },
  ]);
  index.apply([{ row: 7, vector: rowOf(added, 1) }, { row: 8 }]);
  expect(await rowsOf(allowedOf(3, 7, 8, 299, 300))).toEqual([3, 7, 299, 300]);
  expect(await rowsOf(allowedOf(8))).toEqual([]);
});

it('finds an item from the moment it is added, and no more once it is deleted', async () => {
  const vectors = clusteredVectors(300, DIM, 1);
  const { index } = await liveIndex(vectors);
  const added = clusteredVectors(3, DIM, 2);
  index.apply([{ row: 300, vector: rowOf(added, 0) }, { row: 7, vector: rowOf(added, 1) }, { row: 8 }]);
  expect((await search(index, rowOf(added, 0), 5))[0]).toBe(300);
  expect((await search(index, rowOf(added, 1), 5))[0]).toBe(7);
  expect(await search(index, rowOf(vectors, 8), 301)).not.toContain(8);
  expect((await search(index, rowOf(vectors, 7), 301)).filter((row) => row === 7)).toHaveLength(1);
  expect(await search(index, rowOf(added, 0), 5, Int32Array.of(300, 7, 9999))).not.toContain(300);
  index.apply([{ row: 300 }, { row: 8, vector: rowOf(added, 2) }]);
  expect(await search(index, rowOf(added, 0), 301)).not.toContain(300);
  expect((await search(index, rowOf(added, 2), 1))[0]).toBe(8);
  expect([index.has(300), index.has(8), index.has(9), index.has(301)]).toEqual([false, true, true, false]);
  expect(index.lease().itemCount).toBe(300);
});

it('keeps a leased snapshot as it is', async () => {
  const vectors = clusteredVectors(200, DIM, 1);
  const { index } = await liveIndex(vectors);
  const added = clusteredVectors(1, DIM, 3);
  index.apply([{ row: 200, vector: added }]);
  const before = index.lease();
  index.apply([{ row: 200 }, { row: 0 }]);
  const [{ labels }] = await before.search([{ vector: added, k: 201 }]);
  expect(labels).toHaveLength(201);
  expect(labels[0]).toBe(200);
  expect([...(before.vectors?.().changed ?? [])]).toEqual([{ row: 200, vector: added }]);
  expect(before.vectors?.().stored.words[0]).toBe(2 ** 32 - 1);
  before.release();
  expect(await search(index, added, 201)).toHaveLength(199);
});

it('refuses a vector that cannot be indexed, and keeps what was there', async () => {
  const vectors = clusteredVectors(100, DIM, 1);
  const { index } = await liveIndex(vectors);
  expect(() => {
    index.apply([{ row: 5, vector: new Float32Array(DIM) }]);
  }).toThrow('zero vector');
  expect((await search(index, rowOf(vectors, 5), 1))[0]).toBe(5);
});

it('gives the vector of an item as it is now', async () => {
  const vectors = clusteredVectors(100, DIM, 1);
  const { index } = await liveIndex(vectors);
  const added = clusteredVectors(1, DIM, 3);
  index.apply([{ row: 3, vector: added }, { row: 4 }]);
  const snapshot: IndexSnapshot = index.lease();
  expect(await snapshot.vectorOf(2)).toEqual(rowOf(vectors, 2));
  expect(await snapshot.vectorOf(3)).toEqual(added);
  expect(await snapshot.vectorOf(4)).toBeUndefined();
  expect(await snapshot.vectorOf(400)).toBeUndefined();
  snapshot.release();
});

it('finds every living item after inserts, deletions and updates, round after round', async () => {
  // The recipe that other engines lost recall by: insert, delete half, change a third, again and again.
  const first = clusteredVectors(500, DIM, 1);
  const { index, events } = await liveIndex(first);
  const truth = new Truth();
  for (let row = 0; row < 500; row++) truth.rows.set(row, rowOf(first, row));
  let next = 500;
  for (let round = 0; round < 3; round++) {
    const fresh = clusteredVectors(BLOCK_VECTORS + 500, DIM, 10 + round);
    const inserts = Array.from({ length: BLOCK_VECTORS + 500 }, (_, i) => ({ row: next + i, vector: rowOf(fresh, i) }));
    next += inserts.length;
    index.apply(inserts);
    for (const { row, vector } of inserts) truth.rows.set(row, vector);
    const deleted = [...truth.rows.keys()].filter((_, i) => i % 2 === round % 2);
    for (const row of deleted) {
      index.apply([{ row }]);
      truth.rows.delete(row);
    }
    const changed = clusteredVectors(truth.rows.size, DIM, 100 + round);
    [...truth.rows.keys()].forEach((row, i) => {
      if (i % 3 !== 0) return;
      index.apply([{ row, vector: rowOf(changed, i) }]);
      truth.rows.set(row, rowOf(changed, i));
    });
    if (round === 1) await index.settled();
    let found = 0;
    for (const [row, vector] of truth.rows) if ((await search(index, vector, 5)).includes(row)) found++;
    expect(found / truth.rows.size).toBeGreaterThan(0.999);
    let recalled = 0;
    for (let q = 0; q < 50; q++) {
      const query = rowOf(fresh, q * 7);
      const nearest = new Set(truth.nearest(query, 50));
      recalled += (await search(index, query, 50)).filter((row) => nearest.has(row)).length / 50;
    }
    expect(recalled / 50).toBeGreaterThan(0.95);
    const sums = [...truth.rows].map(([row, vector]): [number, number] => [row, vector.reduce((sum, v) => sum + v, 0)]);
    expect(itemsOf(index, first)).toEqual(new Map(sums));
  }
  await index.settled();
  expect(events.filter(({ type }) => type === 'problem')).toEqual([]);
  expect(events.some((event) => event.type === 'merged' && event.kind === 'rebuild')).toBe(true);
  expect(index.lease().itemCount).toBe(truth.rows.size);
});

it('updates its base until three tenths of it have changed, and finds as much as before', async () => {
  const size = 9000;
  const vectors = clusteredVectors(size, DIM, 1);
  const { index, events } = await liveIndex(vectors);
  const truth = new Truth();
  for (let row = 0; row < size; row++) truth.rows.set(row, rowOf(vectors, row));
  for (let round = 0; round < 3; round++) {
    const fresh = clusteredVectors(BLOCK_VECTORS, DIM, 20 + round);
    for (let i = 0; i < BLOCK_VECTORS; i++) {
      // Half of them new, half in place of others.
      const row = i % 2 === 0 ? size + round * BLOCK_VECTORS + i : (i * 7 + round) % size;
      index.apply([{ row, vector: rowOf(fresh, i) }]);
      truth.rows.set(row, rowOf(fresh, i));
    }
    await index.settled();
    expect(index.stats.base).toBe(truth.rows.size);
    const snapshot = index.lease();
    const rows = [...truth.rows.keys()];
    const own = await snapshot.search([...truth.rows.values()].map((vector) => ({ vector, k: 5 })));
    snapshot.release();
    expect(rows.filter((row, i) => own[i].labels.includes(row)).length / rows.length).toBeGreaterThan(0.999);
    let recalled = 0;
    for (let q = 0; q < 20; q++) {
      const nearest = new Set(truth.nearest(rowOf(fresh, q * 7), 50));
      recalled += (await search(index, rowOf(fresh, q * 7), 50)).filter((row) => nearest.has(row)).length / 50;
    }
    expect(recalled / 20).toBeGreaterThan(0.95);
  }
  const kinds = events.map((event) => (event.type === 'merged' ? event.kind : event.type));
  expect(kinds).toEqual(['update', 'rebuild', 'update']);
  expect(itemsOf(index, vectors).size).toBe(truth.rows.size);
});

it('takes up what changes while its base is made', async () => {
  const vectors = clusteredVectors(3000, DIM, 1);
  const { index, events } = await liveIndex(vectors);
  const fresh = clusteredVectors(BLOCK_VECTORS + 4, DIM, 2);
  index.apply(Array.from({ length: BLOCK_VECTORS }, (_, i) => ({ row: 3000 + i, vector: rowOf(fresh, i) })));
  // The merge begins after the changes of this turn.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(events).toEqual([]);
  const later = (i: number): Float32Array => rowOf(fresh, BLOCK_VECTORS + i);
  index.apply([
    { row: 5 },
    { row: 3001 },
    { row: 6, vector: later(0) },
    { row: 3002, vector: later(1) },
    { row: 9000, vector: later(2) },
  ]);
  index.apply([{ row: 9001, vector: later(3) }, { row: 9001 }]);
  await index.settled();
  expect(events.map((event) => (event.type === 'merged' ? event.kind : event.type))).toEqual(['rebuild']);
  expect(index.lease().itemCount).toBe(3000 + BLOCK_VECTORS - 2 + 1);
  expect(await search(index, rowOf(vectors, 5), 100)).not.toContain(5);
  expect(await search(index, rowOf(fresh, 1), 100)).not.toContain(3001);
  expect(await search(index, later(3), 100)).not.toContain(9001);
  expect((await search(index, later(0), 1))[0]).toBe(6);
  expect((await search(index, later(1), 1))[0]).toBe(3002);
  expect((await search(index, later(2), 1))[0]).toBe(9000);
  expect((await search(index, rowOf(vectors, 6), 3000)).filter((row) => row === 6)).toHaveLength(1);
});

it('merges what many changes of one turn have filled', async () => {
  const vectors = clusteredVectors(50_000, DIM, 1);
  const { index } = await liveIndex(vectors);
  for (let i = 0; i < 2 * BLOCK_VECTORS; i++) index.apply([{ row: i, vector: rowOf(vectors, i).map((v) => -v) }]);
  await index.settled();
  expect(index.stats.blocks.filter(({ isFull }) => isFull)).toEqual([]);
});
