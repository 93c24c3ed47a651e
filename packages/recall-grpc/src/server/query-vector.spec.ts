import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VectorRecallService } from '@vector-recall/recall-service';
import { publishSmallVectors, type VectorArtifact } from '@vector-recall/recall-service/testing';
import { RecallClient } from '../client/recall-client';
import {
  GetModelInfoRequest,
  Input,
  RecallRequest,
  Source,
  Space,
  type DeepPartial,
  type RecallServiceClient,
} from '../gen/recall/v1/recall';
import { answerOf, failureOf } from '../testing/calls';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';

let root: string;
let world: World;
let vectors: VectorArtifact;
let service: VectorRecallService;
const servers = new Servers();
/** Of a model that knows users. */
let client: RecallServiceClient;
/** Of vectors alone. */
let vectorsClient: RecallServiceClient;
let typed: RecallClient;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'query-vector-'));
  world = await makeWorld();
  vectors = await publishSmallVectors(root);
  service = await VectorRecallService.fromArtifact(root, { strictIds: true });
  client = servers.client(await servers.start(new TestModels(world.service)));
  const server = await servers.start(new TestModels(service));
  vectorsClient = servers.client(server);
  typed = new RecallClient(`localhost:${server.ports.recall}`);
});

afterAll(async () => {
  typed.close();
  await servers.stop();
  await service.close();
  await world.remove();
  await rm(root, { recursive: true });
});

const recall = (target: RecallServiceClient, request: DeepPartial<RecallRequest>) =>
  answerOf((callback) => target.recall(RecallRequest.fromPartial(request), callback));
const queryVector = [1, 0, -1, 0.5, 0, 2, 0, 0.25];

it('answers a vector in place of a user, as the service does', async () => {
  const { itemIds, scores } = await world.service.recall({ queryVector, topK: 10 });
  expect(await recall(client, { queryVector, topK: 10 })).toMatchObject({
    items: { itemIds: { stringIds: itemIds }, scores: [...scores] },
    source: Source.SOURCE_QUERY_VECTOR,
    timings: { encodeMicros: 0 },
  });
});

it.each<[DeepPartial<RecallRequest>, string]>([
  [{ queryVector: [1, 2] }, "query_vector has 2 values, but the model's vectors have 8."],
  [{ queryVector: [1, NaN, 0, 0, 0, 0, 0, 0] }, 'query_vector[1] is NaN, but it must be a finite float32 number.'],
  [
    { queryVector: Array<number>(8).fill(0) },
    'query_vector is the zero vector, which has no direction and so no cosine.',
  ],
  [
    { queryVector, integerUserId: 101 },
    'query_vector and integer_user_id are both set, but a request has one of them.',
  ],
  [{ queryVector, history: {} }, 'query_vector and history are both set, but a request has one of them.'],
  [{ queryVector, features: [1, 2] }, 'query_vector and features are both set, but a request has one of them.'],
])('refuses %j', async (request, message) => {
  expect(await failureOf(recall(client, { topK: 1, ...request }))).toEqual(['INVALID_ARGUMENT', message]);
});

describe('a model of vectors alone', () => {
  it('says what it takes', async () => {
    const info = await answerOf((callback) => vectorsClient.getModelInfo(GetModelInfoRequest.create(), callback));
    expect(info).toMatchObject({ inputs: [Input.INPUT_QUERY_VECTOR], space: Space.SPACE_COSINE });
    expect(await typed.modelInfo()).toMatchObject({
      inputs: ['queryVector'],
      space: 'cosine',
      dimension: vectors.dim,
      userCount: 0,
      itemIdKind: 'string',
    });
  });

  it('answers vectors, alone and in a batch, and finds similar items', async () => {
    const query = { queryVector: vectors.itemVectors.subarray(0, vectors.dim), topK: 3 };
    const alone = await typed.recall(query);
    expect(alone).toMatchObject({ source: 'vector', modelVersion: vectors.version });
    expect(alone.itemIds[0]).toBe('i0');
    const [same, wrong] = await typed.batchRecall([query, { userId: 'x', topK: 3 }]);
    expect(same).toMatchObject({ itemIds: alone.itemIds });
    expect(wrong).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details:
        'string_user_id is set, but this model knows no users; set query_vector and leave user, history and features out.',
    });
    const similar = await typed.similarItems({ itemId: 'i0', topK: 2 });
    expect(similar.itemIds).toEqual(alone.itemIds.slice(1));
  });

  it.each<[DeepPartial<RecallRequest>, string]>([
    [{}, 'query_vector is not set'],
    [{ integerUserId: 7 }, 'integer_user_id is set'],
    [{ history: { stringIds: ['i1'] } }, 'history is set'],
  ])('refuses %j', async (request, problem) => {
    expect(await failureOf(recall(vectorsClient, { topK: 1, ...request }))).toEqual([
      'INVALID_ARGUMENT',
      `${problem}, but this model knows no users; set query_vector and leave user, history and features out.`,
    ]);
  });
});

it('is refused by the client where it is empty, which the wire cannot tell from none', async () => {
  await expect(typed.recall({ queryVector: [], topK: 1 })).rejects.toMatchObject({ field: 'queryVector' });
});
