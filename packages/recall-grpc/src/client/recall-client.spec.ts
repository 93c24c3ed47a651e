import { createServer, type Socket } from 'node:net';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';
import type { RecallClientOptions } from './client-options';
import { ClientRequestError, RecallCallError } from './errors';
import { RecallClient } from './recall-client';
import type { ClientCallOptions } from './unary-call';

let world: World;
const servers = new Servers();
const clients: RecallClient[] = [];

beforeAll(async () => {
  world = await makeWorld();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await servers.stop();
});
afterAll(() => world.remove());

function clientOf(port: number, options?: RecallClientOptions): RecallClient {
  const client = new RecallClient(`localhost:${port}`, options);
  clients.push(client);
  return client;
}

async function started(options?: RecallClientOptions): Promise<RecallClient> {
  const { ports } = await servers.start(new TestModels(world.service));
  return clientOf(ports.recall, options);
}

it('gives the answers of the service', async () => {
  const client = await started();
  const query = { userId: 103, history: ['i7', 'gone'], features: [30, 4], topK: 5, excludeItemIds: ['i1'] };
  const expected = await world.service.recall(query);
  expect(await client.recall(query)).toEqual({
    itemIds: expected.itemIds,
    scores: [...expected.scores],
    modelVersion: world.version,
    source: 'model',
    unknownHistoryItems: 1,
    timings: {
      encodeMicros: expect.any(Number) as number,
      searchMicros: expect.any(Number) as number,
      totalMicros: expect.any(Number) as number,
    },
  });
  const neighbours = await world.service.similarItems({ itemId: 'i4', topK: 3 });
  expect((await client.similarItems({ itemId: 'i4', topK: 3 })).itemIds).toEqual(neighbours.itemIds);
});

it('sends rules, and tells what they did', async () => {
  const client = await started();
  const rules = {
    pool: 30,
    caps: [{ attribute: 'brand', most: 2 }],
    diversity: { lambda: 0.7 },
    boosts: [{ attribute: 'price', weight: 0.01 }],
    promoted: { itemIds: ['i9', 'gone'], quota: 1 },
  };
  const query = { userId: 103, topK: 5, excludeSeen: false, rules };
  const expected = await world.service.recall(query);
  const answer = await client.recall(query);
  expect(answer.itemIds).toEqual(expected.itemIds);
  expect(answer.rules).toEqual({ ...expected.rules, added: [...(expected.rules?.added ?? [])] });
  expect(answer.rules?.placements[0]).toBe('promoted');
  expect(await client.batchRecall([query])).toMatchObject([{ itemIds: expected.itemIds, rules: { pool: 30 } }]);
  const neighbours = await client.similarItems({ itemId: 'i4', topK: 3, rules: { caps: rules.caps } });
  expect(neighbours.rules?.added).toBeUndefined();
  expect(neighbours.rules?.placements).toHaveLength(neighbours.itemIds.length);
  await expect(client.recall({ topK: 5, rules: { pool: 4 } })).rejects.toThrow(
    'rules.pool is 4, but it must be an integer from 5 to 40000.',
  );
});

it('sends weights of the history and items that are not wanted', async () => {
  const client = await started();
  const query = { userId: 103, history: ['i7', 'i8'], historyWeights: [2, 0.5], negativeItemIds: ['i4'], topK: 50 };
  const expected = await world.service.recall(query);
  expect((await client.recall(query)).itemIds).toEqual(expected.itemIds);
  expect(expected.itemIds).not.toContain('i4');
  await expect(client.recall({ ...query, historyWeights: [1] })).rejects.toThrow(
    'history_weights has 1 values, but history has 2 items; send one for each.',
  );
});

it('sends the types of the events of a history', async () => {
  const client = await started();
  const query = { userId: 103, history: ['i7', 'i8'], historyTypes: ['view', 'purchase'], topK: 5 };
  expect((await client.recall(query)).itemIds).toEqual((await world.service.recall(query)).itemIds);
  await expect(client.recall({ ...query, historyTypes: ['view'] })).rejects.toThrow(
    'history_types has 1 values, but history has 2 items; send one for each.',
  );
  const [wrong] = await client.encodeUsers([{ userId: 103, historyTypes: ['view'] }]);
  expect(wrong).toMatchObject({
    details: 'history_types has 1 values, but history has 0 items; send one for each.',
  });
});

it('does not repeat what the user was shown', async () => {
  const client = await started();
  const query = { userId: 108, topK: 4 };
  const { itemIds } = await client.recall(query);
  const next = await client.recall({ ...query, shown: { itemIds, withinSeconds: 600 } });
  expect(next.itemIds.filter((id) => itemIds.includes(id))).toEqual([]);
  expect((await client.recall({ ...query, shown: { withinSeconds: 600 } })).itemIds).toEqual(next.itemIds);
  await expect(client.recall({ topK: 4, shown: { withinSeconds: 600 } })).rejects.toThrow('shown needs user, whose');
});

it('sends filters, also as text, and tells what they did', async () => {
  const client = await started();
  const filter = 'brand in ("a", "b") and price < 30';
  const expected = await world.service.recall({ userId: 103, topK: 50, filter });
  const answer = await client.recall({ userId: 103, topK: 50, filter });
  expect(answer.itemIds).toEqual(expected.itemIds);
  expect(answer.filter).toEqual(expected.filter);
  expect(answer.filter?.matches).toBe(20);
  const neighbours = await client.similarItems({ itemId: 'i4', topK: 50, filter });
  expect(neighbours.filter?.matches).toBe(20);
  const [first] = await client.batchRecall([{ userId: 103, topK: 50, filter }]);
  expect(first).toMatchObject({ itemIds: expected.itemIds, filter: { matches: 20 } });
  expect((await client.modelInfo()).attributes).toEqual([
    { name: 'brand', kind: 'labels' },
    { name: 'price', kind: 'number' },
  ]);
  await expect(client.recall({ userId: 103, topK: 5, filter: 'colour = "red"' })).rejects.toThrow(
    'There is no attribute "colour"; the attributes are brand (labels), price (number).',
  );
  await expect(client.recall({ topK: 5, filter: 'price <' })).rejects.toBeInstanceOf(ClientRequestError);
});

it('leaves out what the user has unless it is told otherwise, as the service does', async () => {
  const client = await started();
  for (const excludeSeen of [undefined, true, false]) {
    const query = { userId: 103, topK: 60, excludeSeen };
    expect((await client.recall(query)).itemIds).toEqual((await world.service.recall(query)).itemIds);
  }
});

it('gives the error of an entry in its place', async () => {
  const client = await started();
  const [known, wrong, unknown] = await client.batchRecall([
    { userId: 101, topK: 2 },
    { userId: 'x', topK: 2 },
    { topK: 2 },
  ]);
  expect(known).toMatchObject({ source: 'model' });
  expect(unknown).toMatchObject({ source: 'popularity' });
  expect(wrong).toBeInstanceOf(RecallCallError);
  expect(wrong).toMatchObject({
    status: 'INVALID_ARGUMENT',
    details: 'string_user_id is set, but the user ids of this model are integers; set integer_user_id.',
  });
});

it('tells what the model takes and the server allows', async () => {
  const client = await started();
  expect(await client.modelInfo()).toMatchObject({
    modelVersion: world.version,
    userIdKind: 'integer',
    itemIdKind: 'string',
    userCount: 12,
    itemCount: 60,
    userFeatureNames: ['age', 'visits'],
    contextNames: ['device'],
    eventTypes: [],
    attributes: [
      { name: 'brand', kind: 'labels' },
      { name: 'price', kind: 'number' },
    ],
    maxTopK: 1000,
    maxBatchSize: 256,
    maxEfSearch: 2000,
  });
});

it('fails with the status, the reason and what the log calls the call', async () => {
  const client = await started();
  const error: unknown = await client.recall({ topK: 0 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RecallCallError);
  expect(error).toMatchObject({
    code: 'RECALL_CALL_FAILED',
    message: 'INVALID_ARGUMENT: top_k is 0, but it must be an integer from 1 to 10000.',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
});

it.each([
  [{ userId: 2 ** 53, topK: 1 }, 'userId', /^userId is 9007199254740992, but an integer id must be from -9/],
  [{ userId: 1.5, topK: 1 }, 'userId', /^userId is 1.5, but/],
  [{ history: [1, 'a'], topK: 1 }, 'history', /^history has integers and strings; a catalogue has ids of one kind.$/],
  [{ history: [1, NaN], topK: 1 }, 'history[1]', /^history\[1\] is NaN, but/],
  [{ topK: -1 }, 'topK', /^topK is -1, but it must be an integer of at least 0.$/],
  [{ topK: 1, efSearch: 2.5 }, 'efSearch', /^efSearch is 2.5, but/],
])('refuses %j, which the wire cannot carry', async (query, field, message) => {
  const error: unknown = await clientOf(1)
    .recall(query)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ClientRequestError);
  expect(error).toMatchObject({ field, message: expect.stringMatching(message) as string });
});

it('tries again while no model is loaded', async () => {
  const models = new TestModels(undefined);
  const { ports, registry } = await servers.start(models);
  const answer = clientOf(ports.recall).recall({ userId: 101, topK: 1 });
  const refused = async (): Promise<boolean> =>
    (await registry.metrics()).includes('vector_recall_requests_total{method="Recall",code="UNAVAILABLE"}');
  while (!(await refused())) await new Promise((resolve) => setTimeout(resolve, 5));
  models.model = world.service;
  expect((await answer).itemIds).toHaveLength(1);
});

it('does not try again when told so', async () => {
  const { ports } = await servers.start(new TestModels(undefined));
  const call = clientOf(ports.recall, { maxAttempts: 1 }).recall({ topK: 1 });
  await expect(call).rejects.toMatchObject({
    status: 'UNAVAILABLE',
    details: 'No model is loaded yet; try again soon.',
  });
});

it.each<[string, () => ClientCallOptions, string]>([
  ['at its deadline', () => ({ deadlineMs: 40 }), 'DEADLINE_EXCEEDED'],
  ['when it is ended', () => ({ signal: AbortSignal.timeout(40) }), 'CANCELLED'],
  ['when it was ended before', () => ({ signal: AbortSignal.abort() }), 'CANCELLED'],
])('gives up %s', async (_, options, status) => {
  // Takes connections and never says a word.
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, 'localhost', resolve));
  const address = silent.address();
  const client = clientOf(typeof address === 'object' ? (address?.port ?? 0) : 0);
  await expect(client.recall({ topK: 1 }, options())).rejects.toMatchObject({ status });
  client.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});
