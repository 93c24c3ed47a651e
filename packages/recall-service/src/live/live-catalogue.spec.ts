import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveStore, type NewChange } from '@vector-recall/live-index';
import { publishSmallVectors, publishSmallWorld, smallConfig, type SmallArtifact } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';

// Each test loads a model or two.
const folders: string[] = [];
const closing: { close(): Promise<void> }[] = [];

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'live-catalogue-'));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const each of closing.splice(0).toReversed()) await each.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function openStore(folder: string): Promise<LiveStore> {
  const store = await LiveStore.open(folder);
  closing.push(store);
  return store;
}

async function open(root: string, store: LiveStore): Promise<VectorRecallService> {
  const service = await VectorRecallService.fromArtifact(root, { live: { source: store }, searchThreads: 1 });
  closing.push(service);
  return service;
}

let world: SmallArtifact;
let worldFolder: string;

beforeAll(async () => {
  worldFolder = await mkdtemp(join(tmpdir(), 'live-catalogue-'));
  world = await publishSmallWorld(worldFolder);
});

afterAll(() => rm(worldFolder, { recursive: true }));

async function openWorld(): Promise<{ world: SmallArtifact; store: LiveStore; service: VectorRecallService }> {
  const store = await openStore(await temporary());
  return { world, store, service: await open(world.root, store) };
}

async function write(service: VectorRecallService, ...changes: NewChange[]): Promise<void> {
  await service.live?.write(changes);
}

const vectorOf = ({ itemVectors }: SmallArtifact, row: number): Float32Array => itemVectors.slice(row * 8, row * 8 + 8);

it('finds what was upserted and not what was deleted, in every kind of answer', async () => {
  const { world, service } = await openWorld();
  const queryVector = vectorOf(world, 5);
  await write(
    service,
    { kind: 'upsert-item', item: { id: 'new', vector: queryVector, name: 'A new one' } },
    { kind: 'delete-item', id: 'i5' },
  );
  const { itemIds } = await service.recall({ queryVector, topK: 60 });
  expect(itemIds[0]).toBe('new');
  expect(itemIds).toHaveLength(60);
  expect(itemIds).not.toContain('i5');
  expect((await service.similarItems({ itemId: 'new', topK: 60 })).itemIds).toHaveLength(59);
  await expect(service.similarItems({ itemId: 'i5', topK: 1 })).rejects.toMatchObject({ code: 'RECALL_ITEM_UNKNOWN' });
  expect((await service.recall({ topK: 60 })).itemIds).not.toContain('i5');
  expect((await service.recall({ queryVector, topK: 1, excludeItemIds: ['new'] })).itemIds).not.toContain('new');
  expect(service.describeItem('new')).toEqual({ id: 'new', name: 'A new one' });
  expect(service.describeItem('i5')).toBeUndefined();
  expect(service.info().itemCount).toBe(60);
  // A history may hold items that the tower does not know.
  const seen = await service.recall({ userId: 101, history: ['new', 'i1'], topK: 60 });
  expect(seen.itemIds).not.toContain('new');
});

it('encodes attributes with the item tower, and knows an item of the training by its id too', async () => {
  const { world, service } = await openWorld();
  // Item 4 has the label of row 4 and its tags.
  await write(service, { kind: 'upsert-item', item: { id: 'i4', attributes: { colour: 'red', age: ['old'] } } });
  const same = await service.recall({ queryVector: vectorOf(world, 4), topK: 1 });
  const fields = { colour: world.catalogue.itemFields?.[0], age: world.catalogue.itemFields?.[1] };
  expect([fields.colour?.kind, fields.age?.kind]).toEqual(['category', 'tags']);
  const before = await VectorRecallService.fromArtifact(world.root);
  closing.push(before);
  const unchanged = await before.recall({ queryVector: vectorOf(world, 4), topK: 1 });
  expect(unchanged.itemIds).toEqual(['i4']);
  await write(service, {
    kind: 'upsert-item',
    item: { id: 'twin', attributes: { colour: 'blue', age: ['new', 'never seen'] } },
  });
  await write(service, { kind: 'upsert-item', item: { id: 'twin-2', attributes: { colour: 'blue', age: ['new'] } } });
  const { itemIds, scores } = await service.similarItems({ itemId: 'twin', topK: 1 });
  expect(itemIds).toEqual(['twin-2']);
  expect(scores[0]).toBeCloseTo(1, 5);
  expect(same.itemIds).toHaveLength(1);
});

it.each<[NewChange, string]>([
  [
    { kind: 'upsert-item', item: { id: 7, vector: new Float32Array(8).fill(1) } },
    'The item ids of this model are strings, but a change has the integer 7.',
  ],
  [
    { kind: 'upsert-item', item: { id: 'a', vector: Float32Array.of(1) } },
    'The vector of an item has 1 values, but it must be 8 finite numbers that are not all zero.',
  ],
  [
    { kind: 'upsert-item', item: { id: 'a', attributes: { colour: ['red', 'blue'] } } },
    'The attribute colour is a list, but an item has one label there.',
  ],
  [{ kind: 'upsert-user', user: { id: 101, features: [1] } }, 'features must be 2 finite numbers: age, visits.'],
  [{ kind: 'delete-user', id: 'x' }, 'The user ids of this model are integers, but a change has the string "x".'],
])('refuses the change %#', async (change, message) => {
  const { store, service } = await openWorld();
  await expect(write(service, change)).rejects.toMatchObject({ code: 'LIVE_CHANGE_INVALID', message });
  expect(store.state.seq).toBe(0);
});

it('takes events as the newest part of a history, and forgets a user who is erased', async () => {
  const { world, service } = await openWorld();
  const stranger = await service.recall({ userId: 999, topK: 5 });
  expect(stranger.source).toBe('popularity');
  await write(service, {
    kind: 'append-events',
    userId: 999,
    events: [
      { itemId: 'i7', at: Date.now() - 3 },
      { itemId: 'i9', at: Date.now() - 2 },
    ],
  });
  const known = await service.recall({ userId: 999, topK: 60 });
  const given = await service.recall({ history: ['i7', 'i9'], topK: 60 });
  expect(known.source).toBe('history');
  expect(known.itemIds).toEqual(given.itemIds);
  expect(known.itemIds).not.toContain('i7');

  const before = await service.recall({ userId: 101, topK: 60 });
  await write(service, {
    kind: 'append-events',
    userId: 101,
    events: [{ itemId: before.itemIds[0], at: Date.now() - 1 }],
  });
  const after = await service.recall({ userId: 101, topK: 60 });
  expect(after.itemIds).not.toContain(before.itemIds[0]);
  expect(after.source).toBe('model');

  await write(service, { kind: 'delete-user', id: 101 }, { kind: 'delete-user', id: 999 });
  for (const userId of [101, 999]) {
    expect(await service.recall({ userId, topK: 5 })).toMatchObject({
      source: 'popularity',
      itemIds: stranger.itemIds,
    });
  }
  expect(world.catalogue.userIds.rowOf(101)).toBe(1);
});

it('uses features that were sent of a user', async () => {
  const { service } = await openWorld();
  await write(service, { kind: 'upsert-user', user: { id: 103, features: [70, 1] } });
  const stored = await service.recall({ userId: 103, topK: 20 });
  const sent = await service.recall({ userId: 103, features: [70, 1], topK: 20 });
  expect(stored.itemIds).toEqual(sent.itemIds);
  const fresh = await service.recall({ userId: 103, features: [20, 30], topK: 20 });
  expect(fresh.scores).not.toEqual(sent.scores);
});

it('has the same changes after a restart, and under another model, which encodes them anew', async () => {
  const { world, store, service } = await openWorld();
  await write(
    service,
    { kind: 'upsert-item', item: { id: 'own', vector: vectorOf(world, 3) } },
    { kind: 'upsert-item', item: { id: 'told', attributes: { colour: 'red', age: ['new'] } } },
    { kind: 'delete-item', id: 'i0' },
  );
  const ask = (from: VectorRecallService) => from.recall({ queryVector: vectorOf(world, 3), topK: 62 });
  const before = await ask(service);
  expect(before.itemIds).toHaveLength(61);
  const again = await open(world.root, store);
  expect((await ask(again)).itemIds).toEqual(before.itemIds);

  // Another model: changes that come while both serve reach both.
  const other = await publishSmallWorld(await temporary(), { config: { ...smallConfig, hiddenDims: [9] } });
  const swapped = await open(other.root, store);
  await write(service, { kind: 'upsert-item', item: { id: 'late', attributes: { colour: 'red', age: ['new'] } } });
  for (const each of [again, swapped]) {
    const { itemIds, scores } = await each.similarItems({ itemId: 'late', topK: 1 });
    expect(itemIds).toEqual(['told']);
    expect(scores[0]).toBeCloseTo(1, 5);
    expect((await ask(each)).itemIds).not.toContain('i0');
  }
});

it('leaves out items whose vectors do not fit a later model, and counts them', async () => {
  const { world, store, service } = await openWorld();
  await write(service, { kind: 'upsert-item', item: { id: 'own', vector: vectorOf(world, 3) } });
  const other = await publishSmallWorld(await temporary(), { config: { ...smallConfig, embeddingDim: 6 } });
  const swapped = await open(other.root, store);
  expect(swapped.live?.unusableItems).toBe(1);
  expect((await swapped.recall({ queryVector: new Array<number>(6).fill(1), topK: 62 })).itemIds).toHaveLength(60);
});

it('serves vectors without towers, which items must bring along', async () => {
  const { root, itemVectors } = await publishSmallVectors(await temporary());
  const service = await open(root, await openStore(await temporary()));
  await expect(write(service, { kind: 'upsert-item', item: { id: 'a' } })).rejects.toThrow(
    'send a vector with each item',
  );
  await write(service, { kind: 'upsert-item', item: { id: 'a', vector: itemVectors.slice(0, 8) } });
  const { itemIds } = await service.recall({ queryVector: itemVectors.slice(0, 8), topK: 2 });
  expect([...itemIds].toSorted()).toEqual(['a', 'i0']);
});
