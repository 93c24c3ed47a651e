import { join } from 'node:path';
import { RecallRequestError, ServiceClosedError, ServiceOptionError } from './errors';
import type { RecallResult } from './recall';
import { ServedWorld } from './testing/served-world';
import { smallConfig } from './testing/small-world';
import { VectorRecallService, type ServiceOptions } from './vector-recall-service';

const DIM = smallConfig.embeddingDim;

let served: ServedWorld;
let service: VectorRecallService;

beforeAll(async () => {
  served = await ServedWorld.start();
  service = served.service;
});

afterAll(() => served.close());

describe('a batch', () => {
  it('answers each request as if it came alone', async () => {
    const requests = [
      { userId: 101, topK: 4 },
      { userId: 105, history: ['i7', 'i8'], topK: 6 },
      { userId: 777, topK: 2 },
      { userId: 100, features: [33, 4], topK: 5 },
      { history: ['i1'], topK: 3, excludeSeen: false },
    ];
    const batch = await service.batchRecall(requests);
    expect(batch.map(({ source }) => source)).toEqual(['model', 'model', 'popularity', 'model', 'history']);
    for (const [i, request] of requests.entries()) {
      const { itemIds }: RecallResult = await service.recall(request);
      expect(batch[i].itemIds).toEqual(itemIds);
    }
  });

  it('may be empty', async () => {
    expect(await service.batchRecall([])).toEqual([]);
  });
});

describe('a batch whose entries are answered each', () => {
  it('puts what is wrong with an entry in its place', async () => {
    const [good, bad, other] = await service.recallEach([
      { userId: 101, topK: 4 },
      { userId: 102, topK: 0 },
      { topK: 2 },
    ]);
    expect(good).toMatchObject({ source: 'model', itemIds: (await service.recall({ userId: 101, topK: 4 })).itemIds });
    expect(bad).toEqual(new RecallRequestError('topK', () => 'topK is 0, but it must be an integer from 1 to 10000.'));
    expect(bad).toMatchObject({ code: 'RECALL_REQUEST_INVALID', field: 'topK', entry: undefined });
    expect(other).toMatchObject({ source: 'popularity' });
  });

  it('do not fail for features of one that leave the range of the model', async () => {
    const huge = { userId: 102, features: [4e39, 5], topK: 4 };
    const others = [
      { userId: 101, history: ['i3'], topK: 4 },
      { history: ['i4'], topK: 4 },
    ];
    const [first, wrong, last] = await service.recallEach([others[0], huge, others[1]]);
    expect([first, last]).toMatchObject([{ source: 'model' }, { source: 'history' }]);
    expect(wrong).toMatchObject({ code: 'RECALL_REQUEST_INVALID', field: 'features' });
    await expect(service.recall(huge)).rejects.toMatchObject({ code: 'RECALL_REQUEST_INVALID', entry: undefined });
    await expect(service.batchRecall([others[0], huge])).rejects.toMatchObject({ field: 'features', entry: 1 });
  });

  it('may be empty, or all wrong', async () => {
    expect(await service.recallEach([])).toEqual([]);
    expect(await service.recallEach([{ topK: -1 }])).toEqual([expect.any(RecallRequestError)]);
  });
});

it('leaves out the items of a request, seen or not', async () => {
  const [first] = served.expectedIds(served.vectorOf(3), 1);
  const request = { userId: 103, topK: 10, excludeItemIds: [first, 'gone'], excludeSeen: false };
  served.expectNearest((await service.recall(request)).itemIds, served.vectorOf(3), 10, [Number(first.slice(1))]);
  const unknown = await service.recall({ topK: 60, excludeItemIds: ['i4'] });
  expect(unknown.itemIds).toHaveLength(59);
  expect(unknown.itemIds).not.toContain('i4');
});

it('searches as broadly as a request asks', async () => {
  const search = (efSearch: number) => service.recall({ userId: 101, topK: 5, efSearch, excludeSeen: false });
  served.expectNearest((await search(60)).itemIds, served.vectorOf(1), 5);
  expect((await search(2)).itemIds).toHaveLength(5);
});

it('says where the time went', async () => {
  const [stored, fresh, unknown] = await service.batchRecall([
    { userId: 101, topK: 4 },
    { userId: 101, history: ['i1'], topK: 4 },
    { topK: 2 },
  ]);
  expect(stored.timings.encodeMicros).toBe(0);
  expect(stored.timings.searchMicros).toBeGreaterThan(0);
  expect(fresh.timings.encodeMicros).toBeGreaterThan(0);
  expect(unknown.timings).toMatchObject({ encodeMicros: 0, searchMicros: 0 });
  for (const { timings, latencyMs } of [stored, fresh, unknown]) {
    expect(latencyMs).toBe(timings.totalMicros / 1000);
    expect(timings.totalMicros).toBeGreaterThanOrEqual(timings.encodeMicros + timings.searchMicros - 1);
  }
});

it('drops a call that was ended before it began', async () => {
  const reason = new Error('the caller has left');
  const options = { signal: AbortSignal.abort(reason) };
  await expect(service.recall({ userId: 101, topK: 4 }, options)).rejects.toBe(reason);
  await expect(service.batchRecall([{ topK: 4 }], options)).rejects.toBe(reason);
  await expect(service.recallEach([{ topK: 4 }], options)).rejects.toBe(reason);
  await expect(service.similarItems({ itemId: 'i1', topK: 4 }, options)).rejects.toBe(reason);
});

describe('closing', () => {
  it('lets the calls under way finish, and refuses later ones', async () => {
    const closing = await VectorRecallService.fromArtifact(served.world.root);
    const underWay = closing.batchRecall([
      { userId: 101, history: ['i1'], topK: 4 },
      { userId: 102, topK: 4 },
    ]);
    const similar = closing.similarItems({ itemId: 'i1', topK: 4 });
    const closed = Promise.all([closing.close(), closing.close()]);
    await expect(closing.recall({ topK: 1 })).rejects.toBeInstanceOf(ServiceClosedError);
    expect((await underWay).map(({ itemIds }) => itemIds.length)).toEqual([4, 4]);
    expect((await similar).itemIds).toHaveLength(4);
    await closed;
    await expect(closing.recall({ topK: 1 })).rejects.toMatchObject({ code: 'RECALL_SERVICE_CLOSED' });
  });
});

it('says what an item is, in words', () => {
  expect(service.describeItem('i2')).toEqual({ id: 'i2', name: 'Item 2', category: 'blue', tags: [] });
  expect(service.describeItem('i3')).toEqual({ id: 'i3', name: 'Item 3', tags: ['new'] });
  expect(service.describeItem('i1')).toEqual({ id: 'i1', category: 'red', tags: ['old'] });
  expect(service.describeItem('x')).toBeUndefined();
});

it('says what it serves', () => {
  expect(service).toMatchObject({ version: served.world.version, itemCount: 60, userCount: 12, dim: DIM });
  expect(service.info()).toEqual({
    version: served.world.version,
    userIdKind: 'integer',
    itemIdKind: 'string',
    userCount: 12,
    itemCount: 60,
    dim: DIM,
    userFeatureNames: ['age', 'visits'],
    space: 'cosine',
    inputs: ['userId', 'history', 'features', 'queryVector'],
    attributes: [
      { name: 'brand', kind: 'labels' },
      { name: 'price', kind: 'number' },
    ],
    contextNames: ['device'],
    eventTypes: [],
    historyLength: 4,
    defaultEfSearch: 60,
    limits: { maxTopK: 10_000, maxEfSearch: 100_000 },
  });
});

it('serves a version from its folder', async () => {
  const again = await VectorRecallService.fromArtifact(join(served.world.root, 'versions', served.world.version));
  const request = { userId: 104, topK: 8 };
  expect((await again.recall(request)).itemIds).toEqual((await service.recall(request)).itemIds);
  await again.close();
});

it('has the limits and the strictness that it is given', async () => {
  const limits = { maxTopK: 20, maxEfSearch: 30 };
  const bounded = await VectorRecallService.fromArtifact(served.world.root, { limits, strictIds: true });
  expect(bounded.info().limits).toEqual(limits);
  await expect(bounded.recall({ topK: 21 })).rejects.toThrow('topK is 21, but it must be an integer from 1 to 20.');
  await expect(bounded.recall({ topK: 1, efSearch: 31 })).rejects.toThrow(
    'efSearch is 31, but it must be an integer from 1 to 30.',
  );
  await expect(bounded.recall({ userId: '101', topK: 1 })).rejects.toMatchObject({ field: 'userId' });
  await bounded.warm();
  await bounded.close();
});

it.each<[string, ServiceOptions, string]>([
  ['maxTopK', { limits: { maxTopK: 0 } }, 'maxTopK is 0, but it must be an integer of at least 1.'],
  ['maxEfSearch', { limits: { maxEfSearch: 1.5 } }, 'maxEfSearch is 1.5, but it must be an integer of at least 1.'],
  ['searchThreads', { searchThreads: 0 }, 'searchThreads is 0, but it must be an integer of at least 1.'],
])('refuses a bad %s', async (option, options, message) => {
  await expect(VectorRecallService.fromArtifact(served.world.root, options)).rejects.toEqual(
    new ServiceOptionError(option, message),
  );
});
