import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sectionSchemas } from '@vector-recall/core-config';
import { LiveStore } from '@vector-recall/live-index';
import { RecallServer } from '@vector-recall/recall-grpc';
import { VectorRecallService } from '@vector-recall/recall-service';
import { publishSmallVectors } from '@vector-recall/recall-service/testing';
import { pino } from 'pino';
import { HttpPort } from './http-port';

const tokens = { read: 'a-token-that-reads', write: 'a-token-that-writes' };

let folder: string;
let port: number;
let vector: number[];
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'item-calls-'));
  const { root, itemVectors, dim } = await publishSmallVectors(join(folder, 'artifacts'));
  vector = Array.from(itemVectors.subarray(0, dim));
  const store = await LiveStore.open(join(folder, 'live'));
  stops.push(() => store.close());
  const live = { source: store };
  const service = await VectorRecallService.fromArtifact(root, { strictIds: true, searchThreads: 1, live });
  stops.push(() => service.close());
  const config = sectionSchemas.server.parse({ host: '127.0.0.1', port: 0, maxBatch: 2 });
  const logger = pino({ level: 'silent' });
  const models = { acquire: () => ({ service, release: () => undefined }) };
  const env = { VECTOR_RECALL_TOKENS: `${tokens.read}\nwrite:${tokens.write}` };
  const server = await RecallServer.start({ config, models, logger, env, metricsEndpoint: false });
  stops.push(() => server.drain());
  const http = await HttpPort.open({ services: server.calls, config, host: '127.0.0.1', port: 0, logger });
  stops.push(() => http.close());
  port = http.port;
});

afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  await rm(folder, { recursive: true });
});

async function post(call: string, body: object, token = tokens.write): Promise<[status: number, body: unknown]> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${port}/recall.v1.${call}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return [response.status, await response.json().catch(() => undefined)];
}

it('changes items, and the next query sees them', async () => {
  const item = { id: { text: 'fresh' }, vector, name: 'Fresh' };
  const upsert = { items: [item], changeId: 'http-1' };
  expect(await post('ItemService/UpsertItems', upsert)).toEqual([200, { acknowledgement: { applied: 1 } }]);
  expect(await post('ItemService/UpsertItems', upsert)).toEqual([200, { acknowledgement: { repeatedBefore: 1 } }]);
  const remove = { ids: [{ text: 'i0' }] };
  expect(await post('ItemService/DeleteItems', remove)).toEqual([200, { acknowledgement: { applied: 1 } }]);
  const query = { queryVector: vector, topK: 1 };
  expect(await post('RecallService/Recall', query, tokens.read)).toMatchObject([
    200,
    { items: { itemIds: { stringIds: ['fresh'] } } },
  ]);
  const get = { ids: [{ text: 'fresh' }, { text: 'i0' }] };
  expect(await post('ItemService/GetItems', get)).toMatchObject([
    200,
    { items: [{ kind: 'KIND_UPSERTED', item: { name: 'Fresh' } }, { kind: 'KIND_DELETED' }] },
  ]);
});

it('keeps the limits and the roles of the gRPC port', async () => {
  const ids = ['i1', 'i2', 'i3'].map((text) => ({ text }));
  expect(await post('ItemService/DeleteItems', { ids })).toEqual([
    400,
    { code: 'invalid_argument', message: 'ids has 3 entries, but it must have from 1 to 2.' },
  ]);
  expect(await post('ItemService/DeleteItems', { ids: ids.slice(2) }, tokens.read)).toMatchObject([
    403,
    { code: 'permission_denied' },
  ]);
});

it('describes the calls, and leaves out those that take a stream', async () => {
  const document: unknown = await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json();
  expect(document).toMatchObject({
    paths: { '/recall.v1.ItemService/AppendEvents': { post: { operationId: 'AppendEvents' } } },
    components: { schemas: { Event: { properties: { atMillis: { type: 'number' } } } } },
  });
  expect(document).not.toHaveProperty(['paths', '/recall.v1.ItemService/StreamItems']);
  expect((await post('ItemService/StreamItems', { items: [] }))[0]).toBe(404);
});
