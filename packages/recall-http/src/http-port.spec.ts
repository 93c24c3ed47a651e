import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sectionSchemas, type ServerConfig } from '@vector-recall/core-config';
import { RecallServer } from '@vector-recall/recall-grpc';
import { VectorRecallService } from '@vector-recall/recall-service';
import { publishSmallWorld } from '@vector-recall/recall-service/testing';
import { pino } from 'pino';
import { HttpPort } from './http-port';

const TOKEN = 'a-token-of-a-caller-1';

let folder: string;
let service: VectorRecallService;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recall-http-'));
  await publishSmallWorld(folder);
  service = await VectorRecallService.fromArtifact(folder, { strictIds: true, searchThreads: 1 });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

interface Started {
  readonly server: RecallServer;
  readonly port: number;
}

async function start(changes: Partial<ServerConfig> = {}, env: Record<string, string> = {}): Promise<Started> {
  const local = { host: '127.0.0.1', port: 0, metricsPort: 0 };
  const config = sectionSchemas.server.parse({ ...local, ...changes });
  const logger = pino({ level: 'silent' });
  const models = { acquire: () => ({ service, release: () => undefined }) };
  const server = await RecallServer.start({ config, models, logger, env, metricsEndpoint: false });
  stops.push(() => server.drain());
  const http = await HttpPort.open({ services: server.calls, config, host: '127.0.0.1', port: 0, logger });
  stops.push(() => http.close());
  return { server, port: http.port };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

async function post(
  { port }: Started,
  method: string,
  body: string | object,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<Answer> {
  const url = `http://127.0.0.1:${port}/recall.v1.RecallService/${method}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', headers, body: text });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

it('answers Recall as the service does, in the JSON of proto3', async () => {
  const { itemIds, scores } = await service.recall({ userId: 103, topK: 3 });
  const { status, body } = await post(await start(), 'Recall', { integerUserId: '103', topK: 3 });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    items: { itemIds: { stringIds: itemIds }, scores: Array.from(scores) },
    modelVersion: service.version,
    source: 'SOURCE_MODEL',
  });
});

it('answers the other calls too', async () => {
  const started = await start();
  const batch = await post(started, 'BatchRecall', { requests: [{ topK: 2 }, { topK: 0 }] });
  expect(batch.body).toMatchObject({
    results: [{ response: { source: 'SOURCE_POPULARITY' } }, { error: { code: 3 } }],
  });
  const similar = await post(started, 'SimilarItems', { stringItemId: 'i3', topK: 2 });
  const { itemIds } = await service.similarItems({ itemId: 'i3', topK: 2 });
  expect(similar.body).toMatchObject({ items: { itemIds: { stringIds: itemIds } } });
  const info = await post(started, 'GetModelInfo', {});
  expect(info.body).toMatchObject({ userCount: '12', itemCount: '60', dimension: 8 });
  const encoded = await post(started, 'EncodeItems', { itemIds: { stringIds: ['i3'] } });
  const [vector] = await service.encodeItems(['i3']);
  expect(encoded.body).toMatchObject({ items: [{ vector: Array.from(vector ?? []) }] });
});

it('reads the types of a history, and describes them', async () => {
  const started = await start();
  const request = { history: { stringIds: ['i3', 'i4'] }, historyTypes: ['view', 'purchase'], topK: 2 };
  expect((await post(started, 'Recall', request)).status).toBe(200);
  expect(await post(started, 'Recall', { ...request, historyTypes: ['view'] })).toMatchObject({
    status: 400,
    body: { message: 'history_types has 1 values, but history has 2 items; send one for each.' },
  });
  const document: unknown = await (await fetch(`http://127.0.0.1:${started.port}/openapi.json`)).json();
  const historyTypes = { type: 'array', items: { type: 'string' } };
  expect(document).toMatchObject({ components: { schemas: { RecallRequest: { properties: { historyTypes } } } } });
});

it.each([
  ['{"topK": 0}', 400, 'invalid_argument', 'top_k is 0, but it must be an integer from 1 to 10000.'],
  ['{"topK": 1, "colour": "red"}', 400, 'invalid_argument', 'key "colour" is unknown'],
  ['not JSON', 400, 'invalid_argument', 'The body is not the JSON of a recall.v1.RecallRequest'],
  ['', 400, 'invalid_argument', ''],
])('refuses the body %j', async (body, status, code, message) => {
  const answer = await post(await start(), 'Recall', body);
  expect(answer).toMatchObject({ status, body: { code, message: expect.stringContaining(message) as string } });
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

it('says what is not there, and what has no JSON', async () => {
  const started = await start();
  const unknown = await post(started, 'SimilarItems', { stringItemId: 'none', topK: 2 });
  expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } });
  const text = await post(started, 'Recall', '{}', { 'content-type': 'text/plain' });
  expect(text).toMatchObject({ status: 400, body: { message: 'Send the body as application/json.' } });
  const large = await post(started, 'GetModelInfo', ' '.repeat(100_000));
  expect(large).toMatchObject({ status: 429, body: { code: 'resource_exhausted' } });
});

it('keeps deadlines', async () => {
  const json = { 'content-type': 'application/json' };
  const started = await start();
  const late = await post(started, 'Recall', { topK: 1 }, { ...json, 'connect-timeout-ms': '0' });
  expect(late).toMatchObject({ status: 504, body: { code: 'deadline_exceeded' } });
  const wrong = await post(started, 'Recall', { topK: 1 }, { ...json, 'connect-timeout-ms': 'soon' });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_argument' } });
});

it('lets in those who have a token', async () => {
  const started = await start({}, { VECTOR_RECALL_TOKENS: TOKEN });
  const json = { 'content-type': 'application/json' };
  expect(await post(started, 'Recall', { topK: 1 }, json)).toMatchObject({
    status: 401,
    body: { code: 'unauthenticated' },
  });
  const admitted = await post(started, 'Recall', { topK: 1 }, { ...json, authorization: `Bearer ${TOKEN}` });
  expect(admitted.status).toBe(200);
});

it('counts calls with those over gRPC, and refuses them while the server drains', async () => {
  const started = await start();
  await post(started, 'Recall', { topK: 1 });
  const metrics = await started.server.registry.metrics();
  expect(metrics).toMatch(/method="Recall".*\} 1\n/);
  await started.server.drain();
  expect(await post(started, 'Recall', { topK: 1 })).toMatchObject({ status: 503, body: { code: 'unavailable' } });
});

it('describes itself', async () => {
  const { port } = await start();
  const response = await fetch(`http://127.0.0.1:${port}/openapi.json`);
  const document: unknown = await response.json();
  expect(document).toMatchObject({
    openapi: '3.1.0',
    paths: { '/recall.v1.RecallService/Recall': { post: { operationId: 'Recall' } } },
    components: {
      schemas: {
        RecallRequest: {
          properties: {
            topK: { type: 'integer', minimum: 0 },
            history: { $ref: '#/components/schemas/IdList' },
            queryVector: { type: 'array', items: { type: 'number' } },
            context: { type: 'object', additionalProperties: { type: 'string' } },
          },
        },
        RecallResponse: { properties: { source: { enum: expect.arrayContaining(['SOURCE_MODEL']) as unknown } } },
      },
    },
  });
});

it('says why it cannot listen', async () => {
  const { server, port } = await start();
  const config = sectionSchemas.server.parse({});
  const taken = HttpPort.open({
    services: server.calls,
    config,
    host: '127.0.0.1',
    port,
    logger: pino({ level: 'silent' }),
  });
  await expect(taken).rejects.toMatchObject({ code: 'SERVER_CANNOT_LISTEN' });
});
