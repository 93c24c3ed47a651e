import { IndexArgumentError } from '../errors';
import { ExactIndex } from '../exact/exact-index';
import { clusteredVectors, createRandom } from '../testing/clustered-vectors';
import type { Space } from '../vector-index';
import { EngineIndex } from './engine-index';

const DIM = 24;
const SIZE = 3000;
const vectors = clusteredVectors(SIZE, DIM, 1);
const queries = clusteredVectors(50, DIM, 2);
const config = { m: 12, efConstruction: 100, efSearch: 60 };

interface Changed {
  readonly rows: Int32Array;
  readonly vectors: Float32Array;
}

/** The vectors without some of them, and others behind. */
function change(before: Float32Array, isGone: (row: number) => boolean, added: Float32Array): Changed {
  const rows = new Int32Array(before.length / DIM).fill(-1);
  let kept = 0;
  for (let row = 0; row < rows.length; row++) if (!isGone(row)) rows[row] = kept++;
  const after = new Float32Array(kept * DIM + added.length);
  for (const [row, now] of rows.entries()) {
    if (now !== -1) after.set(before.subarray(row * DIM, (row + 1) * DIM), now * DIM);
  }
  after.set(added, kept * DIM);
  return { rows, vectors: after };
}

async function recall(index: EngineIndex, of: Float32Array): Promise<number> {
  const truth = new ExactIndex(of, DIM, index.space).searchBatch(queries, 20);
  const found = await index.searchMany(
    truth.map((_, i) => ({ vector: queries.subarray(i * DIM, (i + 1) * DIM), k: 20 })),
  );
  const hits = truth.map(({ labels }, i) => labels.filter((label) => found[i].labels.includes(label)).length);
  return hits.reduce((sum, count) => sum + count) / (20 * truth.length);
}

/** The rows that a search for their own vectors does not find. */
async function lost(index: EngineIndex, of: Float32Array): Promise<number[]> {
  const rows = Array.from({ length: index.size }, (_, row) => row);
  const found = await index.searchMany(rows.map((row) => ({ vector: of.subarray(row * DIM, (row + 1) * DIM), k: 5 })));
  return rows.filter((row) => !found[row].labels.includes(row));
}

describe.each<Space>(['cosine', 'ip', 'l2'])('EngineIndex.update under %s', (space) => {
  it('finds as much as an index built anew, round after round', async () => {
    const random = createRandom(5);
    let now = vectors;
    let index = await EngineIndex.build(vectors, DIM, { config, space, seed: 3, threads: 2 });
    for (let round = 0; round < 5; round++) {
      const changed = change(now, () => random() < 0.1, clusteredVectors(300, DIM, 10 + round));
      const updated = await index.update(changed.rows, changed.vectors, { seed: 3, threads: 2 });
      await index.close();
      index = updated;
      now = changed.vectors;
    }
    expect(index.size).toBe(now.length / DIM);
    const clean = await EngineIndex.build(now, DIM, { config, space, seed: 3, threads: 2 });
    expect(await recall(index, now)).toBeGreaterThan((await recall(clean, now)) - 0.01);
    // Under `ip`, a short vector is nearest to none, itself included.
    if (space !== 'ip') expect(await lost(index, now)).toEqual([]);
    await index.close();
    await clean.close();
  });
});

describe('EngineIndex.update', () => {
  let index: EngineIndex;
  beforeAll(async () => {
    index = await EngineIndex.build(vectors, DIM, { config, seed: 3, threads: 2 });
  });
  afterAll(() => index.close());

  it.each<[string, (row: number) => boolean, Float32Array]>([
    ['nothing changed', () => false, new Float32Array(0)],
    ['most are gone', (row) => row % 10 !== 0, new Float32Array(0)],
    ['all but one are gone', (row) => row !== 17, clusteredVectors(200, DIM, 3)],
    ['none is kept', () => true, clusteredVectors(200, DIM, 3)],
    ['those near a point are gone', (row) => vectors[row * DIM] > 0.3, clusteredVectors(500, DIM, 3)],
  ])('finds every row where %s', async (_, isGone, added) => {
    const changed = change(vectors, isGone, added);
    const updated = await index.update(changed.rows, changed.vectors, { seed: 3, threads: 2 });
    expect(await lost(updated, changed.vectors)).toEqual([]);
    expect(await recall(updated, changed.vectors)).toBeGreaterThan(0.93);
    await updated.close();
  });

  it('gives the same graph again with one thread', async () => {
    const { rows, vectors: after } = change(vectors, (row) => row % 7 === 0, clusteredVectors(200, DIM, 3));
    const found = [];
    for (let time = 0; time < 2; time++) {
      const updated = await index.update(rows, after, { seed: 3, threads: 1 });
      found.push(await updated.searchMany([{ vector: queries.subarray(0, DIM), k: 200, efSearch: 30 }]));
      await updated.close();
    }
    expect(found[1]).toEqual(found[0]);
  });

  it('compares the rows by what those before were compared by', async () => {
    // Two of a kind each: nothing but the choice of the index before asks for more than codes.
    const few = vectors.subarray(0, 4 * DIM);
    const coarse = await EngineIndex.build(few, DIM, { config, seed: 3 });
    const fine = await EngineIndex.build(vectors, DIM, { config, seed: 3, float32: 'kept' });
    expect([coarse.precision, coarse.info.float32]).toEqual(['codes', 'dropped']);
    expect([fine.precision, fine.info.float32]).toEqual(['refined', 'kept']);
    const grown = await coarse.update(Int32Array.of(0, 1, 2, 3), vectors, { seed: 3 });
    expect([grown.precision, grown.info.float32]).toEqual(['codes', 'dropped']);
    const rows = new Int32Array(SIZE).fill(-1);
    rows.set([0, 1, 2, 3]);
    const shrunk = await fine.update(rows, few, { seed: 3 });
    expect([shrunk.precision, shrunk.info.float32]).toEqual(['refined', 'kept']);
    for (const made of [coarse, fine, grown, shrunk]) await made.close();
  });

  it.each<[string, Int32Array, string]>([
    ['of too few rows', new Int32Array(5), 'rows has 5 values, but the index has 3000 rows.'],
    ['of a row that is not there', new Int32Array(SIZE).fill(2), 'rows holds 2, but there are 2 vectors.'],
    ['of a row below none', new Int32Array(SIZE).fill(-2), 'rows holds -2, but there are 2 vectors.'],
    ['of a row twice', new Int32Array(SIZE).fill(1), 'rows holds 1 twice.'],
  ])('refuses a list %s', async (_, rows, message) => {
    const refused = index.update(rows, vectors.slice(0, 2 * DIM), { seed: 1 });
    await expect(refused).rejects.toEqual(new IndexArgumentError('rows', message));
  });

  it('refuses vectors that cannot be indexed', async () => {
    const rows = new Int32Array(SIZE).fill(-1);
    await expect(index.update(rows, new Float32Array(DIM), { seed: 1 })).rejects.toThrow('zero vector');
  });

  it('ends when its signal says so', async () => {
    const { rows, vectors: after } = change(vectors, () => true, vectors);
    const reason = new Error('enough');
    const ending = new AbortController();
    const updated = index.update(rows, after, { seed: 1, threads: 1, signal: ending.signal });
    setTimeout(() => {
      ending.abort(reason);
    }, 20);
    await expect(updated).rejects.toBe(reason);
  });
});
