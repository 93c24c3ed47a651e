import { join } from 'node:path';
import { ItemClient, RecallClient } from '@vector-recall/recall-grpc';
import { temporaryFolder } from '../cli';
import { Server } from '../server';
import { buildStore, FAULTS_TIMEOUT_MS, isWhole, uniform, vectorsBy } from './world';

/** Inserts, then half of all deleted and nearly a third changed, again and again: indexes have lost items by this. */
const rounds = isWhole ? 10 : 2;
const inserts = isWhole ? 4000 : 600;
const BATCH = 200;
const TOP_K = 50;
const QUERIES = 50;

jest.setTimeout(FAULTS_TIMEOUT_MS);

const folder = temporaryFolder();
const store = join(folder, 'store');
const draw = uniform(15);
const vector = vectorsBy(draw);

/** Cosines to rank by, of a query whose length does not matter. */
function cosine(query: Float32Array, item: Float32Array): number {
  let product = 0;
  let squares = 0;
  for (let d = 0; d < query.length; d++) {
    product += query[d] * item[d];
    squares += item[d] ** 2;
  }
  return product / Math.sqrt(squares);
}

function exact(query: Float32Array, living: ReadonlyMap<number, Float32Array>): Set<number> {
  const scored = [...living].map(([id, item]) => ({ id, score: cosine(query, item) }));
  return new Set(
    scored
      .toSorted((a, b) => b.score - a.score)
      .slice(0, TOP_K)
      .map(({ id }) => id),
  );
}

async function inBatches<Entry>(entries: readonly Entry[], send: (batch: Entry[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < entries.length; at += BATCH) await send(entries.slice(at, at + BATCH));
}

it(`finds every living item by its own vector through ${rounds} rounds of ${inserts} inserts, deletions and changes`, async () => {
  const version = await buildStore(store, 1, vector);
  const server = await Server.start(store, ['--live', join(folder, 'live')]);
  await server.serves(version);
  const items = new ItemClient(server.target, { deadlineMs: 60_000 });
  const client = new RecallClient(server.target, { deadlineMs: 60_000 });
  await items.deleteItems([0]);
  const living = new Map<number, Float32Array>();
  const upsert = async (ids: readonly number[]): Promise<void> => {
    for (const id of ids) living.set(id, vector());
    const changes = ids.map((id) => ({ id, vector: living.get(id) }));
    await inBatches(changes, (batch) => items.upsertItems(batch));
  };
  for (let round = 0; round < rounds; round++) {
    await upsert(Array.from({ length: inserts }, (_, i) => 1 + round * inserts + i));
    const deleted = [...living.keys()].filter(() => draw() < 0.5);
    for (const id of deleted) living.delete(id);
    await inBatches(deleted, (batch) => items.deleteItems(batch));
    await upsert([...living.keys()].filter(() => draw() < 0.3));

    const lost: number[] = [];
    for (const [id, own] of living) {
      const { itemIds } = await client.recall({ queryVector: own, topK: 1 });
      if (itemIds[0] !== id) lost.push(id);
    }
    expect(lost).toEqual([]);
    let found = 0;
    for (let i = 0; i < QUERIES; i++) {
      const query = vector();
      const nearest = exact(query, living);
      const { itemIds } = await client.recall({ queryVector: query, topK: TOP_K });
      found += itemIds.filter((id) => nearest.has(Number(id))).length;
    }
    expect(found / (QUERIES * TOP_K)).toBeGreaterThanOrEqual(0.95);
  }
  items.close();
  client.close();
  expect((await server.stop()).code).toBe(0);
});
