import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveStore } from '@vector-recall/live-index';
import { VectorRecallService } from '@vector-recall/recall-service';
import { publishSmallWorld, type SmallArtifact } from '@vector-recall/recall-service/testing';
import { ItemClient } from '../client/item-client';
import { RecallClient } from '../client/recall-client';
import { Servers, TestModels } from '../testing/test-server';
import type { RecallServer } from './recall-server';

const servers = new Servers();
const folder = mkdtempSync(join(tmpdir(), 'item-service-'));
const closing: { close(): unknown }[] = [];
let world: SmallArtifact;
let store: LiveStore;
let service: VectorRecallService;
let server: RecallServer;

const tokens = { read: 'a-token-that-reads', write: 'a-token-that-writes' };

beforeAll(async () => {
  world = await publishSmallWorld(join(folder, 'artifacts'));
  store = await LiveStore.open(join(folder, 'live'));
  const live = { source: store };
  service = await VectorRecallService.fromArtifact(world.root, { live, searchThreads: 1, strictIds: true });
  const tokenFile = join(folder, 'tokens');
  writeFileSync(tokenFile, `${tokens.read}\nwrite:${tokens.write}\n`);
  server = await servers.start(new TestModels(service), { config: { tokenFile, maxBatch: 3 } });
});

afterAll(async () => {
  for (const each of closing.splice(0)) each.close();
  await servers.stop();
  await service.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

function itemClient(token = tokens.write, { ports } = server): ItemClient {
  const client = new ItemClient(`localhost:${ports.recall}`, { token });
  closing.push(client);
  return client;
}

function recallClient(): RecallClient {
  const client = new RecallClient(`localhost:${server.ports.recall}`, { token: tokens.read });
  closing.push(client);
  return client;
}

const vectorOf = (row: number): Float32Array => world.itemVectors.slice(row * 8, row * 8 + 8);

it('serves what was acknowledged', async () => {
  const items = itemClient();
  const recall = recallClient();
  expect(await items.upsertItems([{ id: 'new', vector: vectorOf(2), name: 'New' }])).toEqual({
    applied: 1,
    repeated: 0,
  });
  const answer = await recall.similarItems({ itemId: 'new', topK: 1 });
  expect(answer.itemIds).toEqual(['i2']);
  expect(await items.deleteItems(['i2', 'never there'])).toEqual({ applied: 2, repeated: 0 });
  expect((await recall.similarItems({ itemId: 'new', topK: 60 })).itemIds).not.toContain('i2');
  expect(await items.getItems(['new', 'i2', 'i3'])).toEqual([
    { kind: 'upserted', item: { id: 'new', vector: vectorOf(2), name: 'New' } },
    { kind: 'deleted' },
    { kind: 'unchanged' },
  ]);
  expect((await recall.modelInfo()).itemCount).toBe(60);
});

it('carries attributes of every form', async () => {
  const items = itemClient();
  const item = { id: 'told', attributes: { colour: 'red', age: ['old', 'new'], price: 9.5, image: [1, 2] } };
  await items.upsertItems([item]);
  expect(await items.getItems(['told'])).toEqual([{ kind: 'upserted', item }]);
});

it('makes a request once, however often it is sent', async () => {
  const items = itemClient();
  const send = () =>
    items.upsertItems(
      [
        { id: 'a', vector: vectorOf(1) },
        { id: 'b', vector: vectorOf(1) },
      ],
      { changeId: 'x' },
    );
  expect(await Promise.all([send(), send()])).toEqual([
    { applied: 2, repeated: 0 },
    { applied: 0, repeated: 2 },
  ]);
  expect(await send()).toEqual({ applied: 0, repeated: 2 });
});

it('takes events and features of users, and erases users', async () => {
  const items = itemClient();
  const recall = recallClient();
  expect(
    await items.appendEvents([
      { userId: 555, itemId: 'i8', type: 'purchase' },
      { userId: 555, itemId: 'i9', at: Date.now() - 60_000 },
    ]),
  ).toMatchObject({ applied: 1 });
  expect(await recall.recall({ userId: 555, topK: 3 })).toMatchObject({ source: 'history' });
  expect(store.state.eventsOf(555).map(({ itemId, type }) => [itemId, type])).toEqual([
    ['i9', undefined],
    ['i8', 'purchase'],
  ]);
  await items.upsertUsers([{ id: 556, features: [30, 1] }]);
  expect(await recall.recall({ userId: 556, topK: 3 })).toMatchObject({ source: 'history' });
  await items.deleteUsers([555, 556]);
  for (const userId of [555, 556]) {
    expect(await recall.recall({ userId, topK: 3 })).toMatchObject({ source: 'popularity' });
  }
});

it('lets only those change anything whose token may', async () => {
  const code = (token: string) =>
    itemClient(token)
      .deleteItems(['i1'])
      .catch((error: unknown) => error);
  expect(await code(tokens.read)).toMatchObject({
    status: 'PERMISSION_DENIED',
    message: expect.stringContaining('This token may only read') as string,
  });
  expect(await code('a-token-of-nobody')).toMatchObject({ status: 'UNAUTHENTICATED' });
  expect(store.state.item('i1')).toBeUndefined();
});

it.each<[string, (client: ItemClient) => Promise<unknown>, string]>([
  [
    'ids of another kind',
    (client) => client.deleteItems([7]),
    'The item ids of this model are strings, but a change has the integer 7.',
  ],
  ['an empty list', (client) => client.upsertItems([]), 'items has no entries, but it must have from 1 to 3.'],
  [
    'a long list',
    (client) => client.deleteItems(['a', 'b', 'c', 'd']),
    'ids has 4 entries, but it must have from 1 to 3.',
  ],
  [
    'a short vector',
    (client) => client.upsertItems([{ id: 'a', vector: Float32Array.of(1) }]),
    'The vector of an item has 1 values',
  ],
  [
    'a long change_id',
    (client) => client.deleteItems(['a'], { changeId: 'x'.repeat(300) }),
    'change_id has more than 256 characters.',
  ],
])('refuses %s', async (_, call, message) => {
  await expect(call(itemClient())).rejects.toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: expect.stringContaining(message) as string,
  });
});

it('says how to make a server take changes', async () => {
  const fixed = await VectorRecallService.fromArtifact(world.root, { searchThreads: 1 });
  closing.push(fixed);
  const plain = await servers.start(new TestModels(fixed));
  await expect(itemClient(undefined, plain).deleteItems(['a'])).rejects.toMatchObject({
    status: 'FAILED_PRECONDITION',
    message: expect.stringContaining('start it with --live') as string,
  });
});

it('tells how the catalogue has changed', async () => {
  const text = await server.registry.metrics();
  expect(text).toMatch(/^vector_recall_live_log_bytes [1-9]\d+$/m);
  expect(text).toMatch(/^vector_recall_live_dead_items [1-9]/m);
});
