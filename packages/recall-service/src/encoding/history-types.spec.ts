import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveStore } from '@vector-recall/live-index';
import type { RecallRequest } from '../recall';
import { publishSmallWorld, typedCatalogue, type SmallArtifact } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';
import { storedHistory } from './user-batch';

let folder: string;
let world: SmallArtifact;
let store: LiveStore;
let service: VectorRecallService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-types-'));
  world = await publishSmallWorld(join(folder, 'store'), { catalogue: typedCatalogue() });
  store = await LiveStore.open(join(folder, 'live'));
  service = await VectorRecallService.fromArtifact(world.root, { live: { source: store }, searchThreads: 1 });
});
afterAll(async () => {
  await service.close();
  await store.close();
  await rm(folder, { recursive: true });
});

/** What the model makes of a user, its newest four events read. */
function encode(userRow: number, rows: readonly number[], types: readonly number[]): Float32Array {
  const newest = rows.slice(-4);
  return world.model.encodeUsers({
    users: Int32Array.of(userRow),
    historyOffsets: Int32Array.of(0, newest.length),
    historyItems: Int32Array.from(newest),
    historyTypes: Int32Array.from(types.slice(-4)),
  });
}

async function vectorOf(request: Omit<RecallRequest, 'topK'>): Promise<Float32Array> {
  const [encoded] = await service.encodeUsers([request]);
  if (encoded instanceof Error || encoded.vector === undefined) throw new Error('There is no vector.');
  return encoded.vector;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

it('says which types there are', () => {
  expect(service.info().eventTypes).toEqual(['view', 'purchase']);
});

it('reads the types that a request names, of the items that there are', async () => {
  const history = ['i3', 'nothing', 'i7', 'i9'];
  const historyTypes = ['purchase', 'view', 'view', 'never seen'];
  const vector = await vectorOf({ userId: 103, history, historyTypes });
  expect(largestDifference(vector, encode(3, [3, 7, 9], [1, 0, -1]))).toBeLessThan(1e-5);
  const untyped = await vectorOf({ userId: 103, history });
  expect(largestDifference(untyped, encode(3, [3, 7, 9], [-1, -1, -1]))).toBeLessThan(1e-5);
  expect(largestDifference(vector, untyped)).toBeGreaterThan(0.001);
});

it('reads the types of the stored history', async () => {
  const { rows, types = new Int32Array(0) } = storedHistory(world.catalogue, 2);
  const vector = await vectorOf({ userId: 102, context: { device: 'phone' } });
  const expected = world.model.encodeUsers({
    users: Int32Array.of(2),
    historyOffsets: Int32Array.of(0, rows.length),
    historyItems: rows,
    historyTypes: types,
    context: [Int32Array.of(0)],
  });
  expect(types).toHaveLength(rows.length);
  expect(largestDifference(vector, expected)).toBeLessThan(1e-5);
});

it('lets events that came later tell their types, or not', async () => {
  const now = Date.now();
  const events = [
    { itemId: 'i20', at: now - 3, type: 'purchase' },
    { itemId: 'i21', at: now - 2 },
    { itemId: 'i22', at: now - 1, type: 'never seen' },
    { itemId: 'i23', at: now, type: 'view' },
  ];
  await service.live?.write([
    { kind: 'append-events', userId: 104, events: events.slice(0, 2) },
    { kind: 'append-events', userId: 104, events: events.slice(2) },
    { kind: 'append-events', userId: 999, events: events.slice(0, 1) },
  ]);
  expect(largestDifference(await vectorOf({ userId: 104 }), encode(4, [20, 21, 22, 23], [1, -1, -1, 0]))).toBeLessThan(
    1e-5,
  );
  expect(largestDifference(await vectorOf({ userId: 999 }), encode(-1, [20], [1]))).toBeLessThan(1e-5);
  // What a request brings goes first.
  const own = await vectorOf({ userId: 104, history: ['i1'], historyTypes: ['purchase'] });
  expect(largestDifference(own, encode(4, [1], [1]))).toBeLessThan(1e-5);
});

it('refuses the type of an event that is too long', async () => {
  const events = [{ itemId: 'i1', at: 0, type: 'x'.repeat(257) }];
  await expect(service.live?.write([{ kind: 'append-events', userId: 104, events }])).rejects.toMatchObject({
    code: 'LIVE_CHANGE_INVALID',
    message: 'The type of an event has more than 256 characters.',
  });
});
