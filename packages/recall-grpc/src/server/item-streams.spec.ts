import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressionAlgorithms, credentials, Metadata } from '@grpc/grpc-js';
import { LiveStore, type LiveItem } from '@vector-recall/live-index';
import { VectorRecallService } from '@vector-recall/recall-service';
import { publishSmallWorld, type SmallArtifact } from '@vector-recall/recall-service/testing';
import { ItemClient } from '../client/item-client';
import type { ServedChanges, ServedModel } from '../contract/model-source';
import { ItemServiceClient, type StreamItemsResponse } from '../gen/recall/v1/items';
import { answerOf } from '../testing/calls';
import { Servers, TestModels } from '../testing/test-server';
import type { RecallServer } from './recall-server';

const servers = new Servers();
const folder = mkdtempSync(join(tmpdir(), 'item-streams-'));
const closing: { close(): unknown }[] = [];
let world: SmallArtifact;
let store: LiveStore;
let service: VectorRecallService;
let server: RecallServer;

const tokens = { read: 'a-token-that-reads', write: 'a-token-that-writes' };
const tokenFile = join(folder, 'tokens');

beforeAll(async () => {
  world = await publishSmallWorld(join(folder, 'artifacts'));
  store = await LiveStore.open(join(folder, 'live'));
  service = await VectorRecallService.fromArtifact(world.root, {
    live: { source: store },
    searchThreads: 1,
    strictIds: true,
  });
  writeFileSync(tokenFile, `${tokens.read}\nwrite:${tokens.write}\n`);
  server = await servers.start(new TestModels(service), { config: { tokenFile, maxBatch: 3, transferTimeoutMs: 500 } });
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

const vectorOf = (row: number): Float32Array => world.itemVectors.slice(row * 8, row * 8 + 8);

/** Says what is asked of it, and that it was ended. */
async function* itemsFrom(
  count: number,
  told: { asked: number; ended: boolean },
  make: (i: number) => LiveItem,
): AsyncGenerator<LiveItem> {
  try {
    for (let i = 0; i < count; i++) {
      told.asked++;
      yield await Promise.resolve(make(i));
    }
  } finally {
    told.ended = true;
  }
}

it('makes the changes of a stream in their order, and once, however often it is sent', async () => {
  const items = itemClient();
  // An item that comes again and again: its last state counts.
  const send = () =>
    items.streamItems(
      Array.from({ length: 100 }, (_, i) => ({
        id: i % 2 === 0 ? 'again' : `s${i}`,
        vector: vectorOf(i % 60),
        name: `${i}`,
      })),
      { batchSize: 3, changeId: 'import' },
    );
  expect(await send()).toEqual({ applied: 100, repeated: 0 });
  expect(store.state.item('again')).toMatchObject({ item: { name: '98' } });
  expect(service.info().itemCount).toBe(60 + 51);
  expect(await send()).toEqual({ applied: 0, repeated: 100 });
  expect(await items.streamItems([])).toEqual({ applied: 0, repeated: 0 });
  const events = Array.from({ length: 7 }, (_, i) => ({
    userId: 700,
    itemId: `s${2 * i + 1}`,
    at: Date.now() - 7000 + i,
  }));
  expect(await items.streamEvents(events, { batchSize: 2 })).toEqual({ applied: 4, repeated: 0 });
  expect(store.state.eventsOf(700).map(({ itemId }) => itemId)).toEqual(events.map(({ itemId }) => itemId));
  expect(await server.registry.metrics()).toMatch(/method="StreamEvents",code="OK"\} 4\n/);
});

it('keeps the order of requests that are compressed', async () => {
  const options = { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip };
  const stub = new ItemServiceClient(`localhost:${server.ports.recall}`, credentials.createInsecure(), options);
  closing.push(stub);
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${tokens.write}`);
  const answer = await answerOf<StreamItemsResponse>((callback) => {
    const call = stub.streamItems(metadata, callback);
    for (let i = 0; i < 60; i++) {
      // Long ones take longer to unpack than those that follow them.
      const name = 'x'.repeat(i % 2 === 0 ? 20_000 : 1) + String(i);
      call.write({
        items: [{ id: { text: 'packed' }, vector: Array.from(vectorOf(1)), attributes: [], name }],
        changeId: '',
      });
    }
    call.end();
  });
  expect(answer.acknowledgement).toEqual({ applied: 60, repeatedBefore: 0 });
  expect(store.state.item('packed')).toMatchObject({ item: { name: 'x59' } });
});

it('says which request was refused, has made those before it, and asks the source for no more', async () => {
  const told = { asked: 0, ended: false };
  const source = itemsFrom(100_000, told, (i) => ({
    id: `r${i}`,
    vector: i === 4 ? Float32Array.of(1) : vectorOf(1),
    name: 'n'.repeat(1000),
  }));
  await expect(itemClient().streamItems(source, { batchSize: 2 })).rejects.toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Request 3 of the stream: The vector of an item has 1 values') as string,
  });
  expect([store.state.item('r3'), store.state.item('r4')]).toEqual([expect.anything(), undefined]);
  while (!told.ended) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told.asked).toBeLessThan(100_000);
});

it('holds back a caller that sends faster than changes are made', async () => {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let writing = 0;
  const live: ServedChanges = {
    get index() {
      return { stats: { base: 0, baseDead: 0, baseUpdated: 0, graphs: [], blocks: [] } };
    },
    item: (id) => service.live?.item(id),
    logBytes: 0,
    unusableItems: 0,
    write: async (changes) => {
      writing++;
      await gate;
      return service.live?.write(changes) ?? [];
    },
  };
  const slow: ServedModel = {
    info: () => service.info(),
    recall: (...call) => service.recall(...call),
    recallEach: (...call) => service.recallEach(...call),
    similarItems: (...call) => service.similarItems(...call),
    encodeUsers: (...call) => service.encodeUsers(...call),
    encodeItems: (...call) => service.encodeItems(...call),
    describeItems: (...call) => service.describeItems(...call),
    describeUser: (...call) => service.describeUser(...call),
    searchQueueLength: 0,
    live,
  };
  const held = await servers.start(new TestModels(slow), { config: { tokenFile } });
  const told = { asked: 0, ended: false };
  const source = itemsFrom(2000, told, (i) => ({ id: `h${i}`, vector: vectorOf(1), name: 'n'.repeat(5000) }));
  const answer = itemClient(undefined, held).streamItems(source, { batchSize: 1 });
  let before = -1;
  // Until nothing moves any more.
  while (before !== told.asked || writing === 0) {
    before = told.asked;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(writing).toBe(8);
  // Of 2,000 requests, which are 10 MB, some 1 MB is on the way in sockets and windows.
  expect(told.asked).toBeLessThan(500);
  letGo();
  expect(await answer).toEqual({ applied: 2000, repeated: 0 });
});

it('lets only those stream whose token may, and ends a stream that stands still', async () => {
  await expect(itemClient(tokens.read).streamItems([{ id: 'no', vector: vectorOf(1) }])).rejects.toMatchObject({
    status: 'PERMISSION_DENIED',
  });
  async function* silent(): AsyncGenerator<LiveItem> {
    for (let i = 0; i < 3; i++) yield { id: `q${i}`, vector: vectorOf(1) };
    await new Promise(() => undefined);
  }
  await expect(itemClient().streamItems(silent(), { batchSize: 3 })).rejects.toMatchObject({
    status: 'DEADLINE_EXCEEDED',
    message: expect.stringContaining('No whole request came within 500 ms.') as string,
  });
  expect(store.state.item('q2')).toBeDefined();
});

it('throws what its source throws, and the connection goes on', async () => {
  const items = itemClient();
  async function* failing(): AsyncGenerator<LiveItem> {
    yield await Promise.resolve({ id: 'f', vector: vectorOf(1) });
    throw new RangeError('The file ends too early.');
  }
  await expect(items.streamItems(failing())).rejects.toThrow(new RangeError('The file ends too early.'));
  expect(await items.deleteItems(['f'])).toEqual({ applied: 1, repeated: 0 });
});
