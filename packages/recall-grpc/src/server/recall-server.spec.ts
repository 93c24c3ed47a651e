import { Metadata } from '@grpc/grpc-js';
import {
  AttributeKind,
  BatchRecallRequest,
  BatchRecallResponse,
  GetModelInfoRequest,
  IdKind,
  Input,
  RecallRequest,
  RecallResponse,
  SimilarItemsRequest,
  Source,
  Space,
  type DeepPartial,
  type RecallServiceClient,
  type SimilarItemsResponse,
} from '../gen/recall/v1/recall';
import { answerOf, failureOf, serviceErrorOf } from '../testing/calls';
import { capturingLogger, makeWorld, Servers, TestModels, type World } from '../testing/test-server';

let world: World;
let client: RecallServiceClient;
let models: TestModels;
const lines: string[] = [];
const servers = new Servers();

beforeAll(async () => {
  const limits = { maxTopK: 100, maxEfSearch: 200 };
  world = await makeWorld(limits);
  models = new TestModels(world.service);
  const config = { ...limits, maxBatch: 3 };
  client = servers.client(await servers.start(models, { config, logger: capturingLogger(lines) }));
});

afterAll(async () => {
  await servers.stop();
  await world.remove();
});

afterEach(() => {
  expect(models.leases).toBe(0);
});

const recall = (request: DeepPartial<RecallRequest>): Promise<RecallResponse> =>
  answerOf((callback) => client.recall(RecallRequest.fromPartial(request), callback));
const batch = (requests: DeepPartial<RecallRequest>[]): Promise<BatchRecallResponse> =>
  answerOf((callback) => client.batchRecall(BatchRecallRequest.fromPartial({ requests }), callback));
const similar = (request: DeepPartial<SimilarItemsRequest>): Promise<SimilarItemsResponse> =>
  answerOf((callback) => client.similarItems(SimilarItemsRequest.fromPartial(request), callback));

describe('each method answers as the service does', () => {
  it('Recall', async () => {
    const response = await recall({ integerUserId: 103, topK: 10, excludeSeen: true, efSearch: 50 });
    const { itemIds, scores } = await world.service.recall({ userId: 103, topK: 10, efSearch: 50 });
    expect(response).toMatchObject({
      items: { itemIds: { integerIds: [], stringIds: itemIds }, scores: [...scores] },
      modelVersion: world.version,
      source: Source.SOURCE_MODEL,
      unknownHistoryItems: 0,
    });
    expect(response.timings?.totalMicros).toBeGreaterThan(0);
  });

  it.each([undefined, true, false])(
    'Recall with exclude_seen %s, which is true where it is not set',
    async (excludeSeen) => {
      const { items } = await recall({ integerUserId: 103, topK: 60, excludeSeen });
      const seen = await world.service.recall({ userId: 103, topK: 60, excludeSeen: excludeSeen ?? true });
      expect(items?.itemIds?.stringIds).toEqual(seen.itemIds);
    },
  );

  it('Recall of a stranger with a history, or with nothing', async () => {
    const history = { stringIds: ['i3', 'gone'] };
    const fresh = await recall({ history, topK: 4, excludeItemIds: { stringIds: ['i9'] } });
    expect(fresh).toMatchObject({ source: Source.SOURCE_HISTORY_AND_FEATURES, unknownHistoryItems: 1 });
    expect((await recall({ integerUserId: 4, topK: 4 })).source).toBe(Source.SOURCE_POPULARITY);
  });

  it('Recall and BatchRecall with the context of a request', async () => {
    const scoresOf = async (context?: Record<string, string>) =>
      (await world.service.recall({ userId: 103, context, topK: 10 })).scores;
    const expected = [await scoresOf({ device: 'phone' }), await scoresOf({ device: 'watch' }), await scoresOf()];
    expect(expected[0]).not.toEqual(expected[2]);
    const request = { integerUserId: 103, topK: 10 };
    const requests = [
      { ...request, context: { device: 'phone' } },
      { ...request, context: { device: 'watch' } },
      request,
    ];
    const { items } = await recall(requests[0]);
    expect(items?.scores).toEqual([...expected[0]]);
    const { results } = await batch(requests);
    results.forEach(({ response }, entry) => {
      response?.items?.scores.forEach((score, rank) => {
        expect(score).toBeCloseTo(expected[entry][rank], 5);
      });
    });
    expect(results.map(({ response }) => response?.items?.scores.length)).toEqual([10, 10, 10]);
    expect((await batch([{ ...request, context: { country: 'PT' } }])).results[0].error).toEqual({
      code: 3,
      message: 'context has "country", but this model reads device.',
    });
  });

  it('BatchRecall, whose good entries do not suffer from bad ones', async () => {
    const { results } = await batch([{ integerUserId: 101, topK: 4 }, { topK: 0 }, { features: [1], topK: 4 }]);
    const { itemIds } = await world.service.recall({ userId: 101, topK: 4 });
    expect(results.map(({ response }) => response?.items?.itemIds?.stringIds)).toEqual([itemIds, undefined, undefined]);
    expect(results.map(({ error }) => error)).toEqual([
      undefined,
      { code: 3, message: 'top_k is 0, but it must be an integer from 1 to 100.' },
      { code: 3, message: 'features has 1 values, but the model takes 2: age, visits.' },
    ]);
  });

  it('SimilarItems', async () => {
    const response = await similar({ stringItemId: 'i4', topK: 5 });
    const { itemIds, scores } = await world.service.similarItems({ itemId: 'i4', topK: 5 });
    expect(response).toMatchObject({
      items: { itemIds: { stringIds: itemIds }, scores: [...scores] },
      modelVersion: world.version,
    });
  });

  it('GetModelInfo', async () => {
    const info = await answerOf((callback) => client.getModelInfo(GetModelInfoRequest.create(), callback));
    expect(info).toEqual({
      modelVersion: world.version,
      versionLabel: '',
      userIdKind: IdKind.ID_KIND_INTEGER,
      itemIdKind: IdKind.ID_KIND_STRING,
      userCount: 12,
      itemCount: 60,
      dimension: 8,
      userFeatureNames: ['age', 'visits'],
      contextNames: ['device'],
      eventTypes: [],
      attributes: [
        { name: 'brand', kind: AttributeKind.ATTRIBUTE_KIND_LABELS },
        { name: 'price', kind: AttributeKind.ATTRIBUTE_KIND_NUMBER },
      ],
      historyLength: 4,
      defaultEfSearch: 60,
      maxTopK: 100,
      maxBatchSize: 3,
      maxEfSearch: 200,
      inputs: [Input.INPUT_USER, Input.INPUT_HISTORY, Input.INPUT_FEATURES, Input.INPUT_QUERY_VECTOR],
      space: Space.SPACE_COSINE,
    });
  });
});

describe('bad input', () => {
  it.each<[DeepPartial<RecallRequest>, string]>([
    [{ topK: 0 }, 'top_k is 0, but it must be an integer from 1 to 100.'],
    [{ topK: 101 }, 'top_k is 101, but it must be an integer from 1 to 100.'],
    // A negative number from a client without unsigned ones arrives as a large one.
    [{ topK: 4294967295 }, 'top_k is 4294967295, but it must be an integer from 1 to 100.'],
    [{ topK: 9, efSearch: 201 }, 'ef_search is 201, but it must be an integer from 1 to 200.'],
    [{ topK: 9, features: [1, 2, 3] }, 'features has 3 values, but the model takes 2: age, visits.'],
    [{ topK: 9, features: [1, NaN] }, 'features[1] (visits) is NaN, but it must be a finite number.'],
    [{ topK: 9, features: [-Infinity, 1] }, 'features[0] (age) is -Infinity, but it must be a finite number.'],
    [
      { topK: 9, stringUserId: '103' },
      'string_user_id is set, but the user ids of this model are integers; set integer_user_id.',
    ],
    [
      { topK: 9, history: { integerIds: [1] } },
      'history.integer_ids is set, but the item ids of this model are strings; set history.string_ids.',
    ],
    [
      { topK: 9, excludeItemIds: { integerIds: [1], stringIds: ['i1'] } },
      'exclude_item_ids.integer_ids is set, but the item ids of this model are strings; set exclude_item_ids.string_ids.',
    ],
  ])('of Recall: %j', async (request, message) => {
    expect(await failureOf(recall(request))).toEqual(['INVALID_ARGUMENT', message]);
    const { results } = await batch([{ topK: 1 }, request]);
    expect(results.map(({ error }) => error)).toEqual([undefined, { code: 3, message }]);
  });

  it('is no id beyond what any catalogue holds: it is that of a stranger', async () => {
    const integerUserId = Buffer.from([0x08, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0x28, 0x01]);
    const same = (content: Buffer): Buffer => content;
    const bytes = await answerOf<Buffer>((callback) =>
      client.makeUnaryRequest('/recall.v1.RecallService/Recall', same, same, integerUserId, callback),
    );
    expect(RecallResponse.decode(bytes).source).toBe(Source.SOURCE_POPULARITY);
  });

  it('is no history of unknown items: they are counted', async () => {
    const { source, unknownHistoryItems } = await recall({ history: { stringIds: ['x', 'y'] }, topK: 1 });
    expect([source, unknownHistoryItems]).toEqual([Source.SOURCE_POPULARITY, 2]);
  });

  it.each([
    [0, 'requests has no entries, but it must have from 1 to 3.'],
    [4, 'requests has more than 3 entries, but it must have from 1 to 3.'],
  ])('of BatchRecall: %i entries', async (size, message) => {
    const call = batch(Array.from({ length: size }, () => ({ topK: 1 })));
    expect(await failureOf(call)).toEqual(['INVALID_ARGUMENT', message]);
  });

  it.each<[DeepPartial<SimilarItemsRequest>, string, string]>([
    [{ topK: 1 }, 'INVALID_ARGUMENT', 'item is not set; set integer_item_id or string_item_id to start from.'],
    [
      { topK: 1, integerItemId: 3 },
      'INVALID_ARGUMENT',
      'integer_item_id is set, but the item ids of this model are strings; set string_item_id.',
    ],
    [{ topK: 0, stringItemId: 'i1' }, 'INVALID_ARGUMENT', 'top_k is 0, but it must be an integer from 1 to 100.'],
    [
      { topK: 1, stringItemId: 'gone' },
      'NOT_FOUND',
      'The catalogue has no item "gone"; ask for one that the model was trained with.',
    ],
  ])('of SimilarItems: %j', async (request, code, message) => {
    expect(await failureOf(similar(request))).toEqual([code, message]);
  });

  it('is quoted in part where it is long', async () => {
    const [code, details] = await failureOf(similar({ topK: 1, stringItemId: '😀'.repeat(5000) }));
    expect(code).toBe('NOT_FOUND');
    expect(details).toMatch(/^The catalogue has no item "(😀)+…$/u);
    expect(details.length).toBeLessThanOrEqual(501);
  });
});

describe('a request that cannot be read', () => {
  const send = (method: string, bytes: number[]): Promise<Buffer> =>
    answerOf((callback) => {
      const same = (content: Buffer): Buffer => content;
      return client.makeUnaryRequest(`/recall.v1.RecallService/${method}`, same, same, Buffer.from(bytes), callback);
    });

  it.each([
    ['Recall', [0x08], 'The recall.v1.RecallRequest is not a valid protobuf message.'],
    ['Recall', [0xff, 0xff, 0xff], 'The recall.v1.RecallRequest is not a valid protobuf message.'],
    ['BatchRecall', [0x0a, 0x05, 0x01], 'The recall.v1.BatchRecallRequest is not a valid protobuf message.'],
    ['SimilarItems', [0x12, 0x7f], 'The recall.v1.SimilarItemsRequest is not a valid protobuf message.'],
    ['GetModelInfo', [0x0a, 0x7f], 'The recall.v1.GetModelInfoRequest is not a valid protobuf message.'],
  ])('of %s: %j', async (method, bytes, message) => {
    expect(await failureOf(send(method, bytes))).toEqual(['INVALID_ARGUMENT', message]);
  });

  it('fails its entry of a batch alone', async () => {
    const good = [0x0a, 0x02, 0x28, 0x01];
    const bad = [0x0a, 0x01, 0x08];
    const response = await send('BatchRecall', [...good, ...bad]);
    const { results } = BatchRecallResponse.decode(response);
    expect(results.map(({ error }) => error)).toEqual([
      undefined,
      { code: 3, message: 'The recall.v1.RecallRequest is not a valid protobuf message.' },
    ]);
  });

  it.each([
    ['Recall', 900_000],
    ['SimilarItems', 600_000],
    ['GetModelInfo', 5000],
  ])('of %s is not taken in where it is larger than any that is allowed', async (method, size) => {
    const [code, details] = await failureOf(send(method, Array<number>(size).fill(0)));
    expect(code).toBe('RESOURCE_EXHAUSTED');
    expect(details).toMatch(new RegExp(`^The request has ${size} bytes, but this method takes at most \\d+\\.$`));
  });

  it('of an unknown method is UNIMPLEMENTED', async () => {
    expect((await failureOf(send('Forget', [])))[0]).toBe('UNIMPLEMENTED');
  });
});

describe('a call', () => {
  const call = (metadata: Metadata, request: DeepPartial<RecallRequest>): Promise<unknown> =>
    answerOf((callback) => client.recall(RecallRequest.fromPartial(request), metadata, callback));

  it('is logged at debug, in one line, under the id that its caller gives it', async () => {
    const metadata = new Metadata();
    metadata.set('x-request-id', 'r-17');
    metadata.set('authorization', 'Bearer hush-hush-hush-hush');
    lines.length = 0;
    await call(metadata, { topK: 1 });
    await call(metadata, { topK: 0 }).catch(() => undefined);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 20, requestId: 'r-17', method: 'Recall', code: 'OK', msg: 'call' },
      { level: 20, requestId: 'r-17', method: 'Recall', code: 'INVALID_ARGUMENT', msg: 'call' },
    ]);
    expect(lines.join()).not.toContain('hush');
  });

  it('that fails gets an id to quote', async () => {
    const given = new Metadata();
    given.set('x-request-id', 'r-18');
    const known = await serviceErrorOf(call(given, { topK: 0 }));
    expect(known.metadata.get('x-request-id')).toEqual(['r-18']);
    const other = await serviceErrorOf(call(new Metadata(), { topK: 0 }));
    expect(other.metadata.get('x-request-id')).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });

  it('that the server fails at tells its caller nothing of the cause, and the log all', async () => {
    const { model } = models;
    const { service } = world;
    models.model = {
      searchQueueLength: 0,
      info: () => service.info(),
      recall: () => Promise.reject(new Error('disk on fire')),
      recallEach: (...call) => service.recallEach(...call),
      similarItems: (...call) => service.similarItems(...call),
      encodeUsers: (...call) => service.encodeUsers(...call),
      encodeItems: (...call) => service.encodeItems(...call),
      describeItems: (...call) => service.describeItems(...call),
      describeUser: (...call) => service.describeUser(...call),
    };
    lines.length = 0;
    const { details, metadata } = await serviceErrorOf(recall({ topK: 1 }));
    models.model = model;
    expect(details).toBe("The server failed; its log has the cause beside this call's x-request-id.");
    const failed = lines.map(
      (line) => JSON.parse(line) as { msg: string; requestId: string; err?: { message: string } },
    );
    const line = failed.find(({ msg }) => msg === 'call failed');
    expect(line?.err?.message).toBe('disk on fire');
    expect(metadata.get('x-request-id')).toEqual([line?.requestId]);
  });
});
