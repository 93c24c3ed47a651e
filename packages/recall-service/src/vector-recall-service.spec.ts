import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex, HnswIndex } from '@vector-recall/hnsw-index';
import { writeNpy } from '@vector-recall/model-store';
import {
  ArtifactMismatchError,
  RecallRequestError,
  ServiceClosedError,
  ServiceOptionError,
  UnknownItemError,
} from './errors';
import { storedHistory } from './encoding/user-batch';
import { PopularityRanking, rankByPopularity } from './popularity';
import type { RecallResult } from './recall';
import {
  publishSmallVectors,
  publishSmallWorld,
  smallCatalogue,
  smallConfig,
  type SmallArtifact,
} from './testing/small-world';
import { VectorRecallService, type ServiceOptions } from './vector-recall-service';

const DIM = smallConfig.embeddingDim;
const folders: string[] = [];

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recall-service-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  await service.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

let world: SmallArtifact;
let service: VectorRecallService;

beforeAll(async () => {
  world = await publishSmallWorld(await temporary());
  service = await VectorRecallService.fromArtifact(world.root);
});

/** The true candidates of a vector, by exact search. */
function expectedIds(vector: Float32Array, k: number, seen: Iterable<number> = []): string[] {
  const { labels } = new ExactIndex(world.itemVectors, DIM).search(vector, k, { exclude: new Set(seen) });
  return Array.from(labels, (row) => `i${row}`);
}

/** The true neighbours, but for the order of those that lie too near each other for the index to tell them apart. */
function expectNearest(
  itemIds: readonly (number | string)[],
  vector: Float32Array,
  k: number,
  seen: Iterable<number> = [],
): void {
  const exact = new ExactIndex(world.itemVectors, DIM);
  const { scores } = exact.search(vector, k, { exclude: new Set(seen) });
  const all = exact.search(vector, exact.size);
  const scoreOf = new Map(Array.from(all.labels, (row, place) => [`i${row}`, all.scores[place]]));
  expect(itemIds).toHaveLength(scores.length);
  for (const row of seen) expect(itemIds).not.toContain(`i${row}`);
  itemIds.forEach((id, place) => {
    expect(scoreOf.get(String(id))).toBeCloseTo(scores[place], 2);
  });
}

/** The vector that the towers give a user, computed beside the service. */
function encode(userRow: number, history: number[], features?: number[], device = -1): Float32Array {
  return world.model.encodeUsers({
    users: Int32Array.of(userRow),
    historyOffsets: Int32Array.of(0, history.length),
    historyItems: Int32Array.from(history),
    features: features && Float32Array.from(features),
    context: [Int32Array.of(device)],
  });
}

const vectorOf = (row: number): Float32Array => world.userVectors.subarray(row * DIM, (row + 1) * DIM);
const historyOf = (row: number): number[] => [...storedHistory(world.catalogue, row)];

describe('a filter', () => {
  /** Rows that `brand in ("a") and price >= 30` selects. */
  const selected = Array.from({ length: 10 }, (_, i) => 30 + 3 * i);
  const others = Array.from({ length: 60 }, (_, row) => row).filter((row) => !selected.includes(row));
  const filter = 'brand in ("a") and price >= 30';

  it('leaves only the items that it selects, nearest first, and tells how many there are', async () => {
    const found = await service.recall({ userId: 104, topK: 8, filter, excludeSeen: false });
    expectNearest(found.itemIds, vectorOf(4), 8, others);
    expect(found.filter).toMatchObject({ matches: 10, plan: expect.stringMatching(/graph|scan/) as string });
    const all = await service.recall({ userId: 104, topK: 60, filter, excludeSeen: false });
    expect(new Set(all.itemIds)).toEqual(new Set(selected.map((row) => `i${row}`)));
  });

  it('holds for each request of a batch, for the most popular items and for similar ones', async () => {
    const some = { kind: 'ids', ids: ['i5', 'i9', 'gone'] } as const;
    const results = await service.batchRecall([
      { topK: 60, filter: some },
      { userId: 104, topK: 60 },
    ]);
    expect(new Set(results[0].itemIds)).toEqual(new Set(['i5', 'i9']));
    expect(results[0]).toMatchObject({ source: 'popularity', filter: { matches: 2 } });
    expect(results[1].filter).toBeUndefined();
    const similar = await service.similarItems({ itemId: 'i5', topK: 60, filter: some });
    expect(similar).toMatchObject({ itemIds: ['i9'], filter: { matches: 2 } });
  });

  it.each([
    ['price < 5 and', 'filter: The filter can not be read: expected an attribute, not or (, at character 14:'],
    ['colour = "red"', 'There is no attribute "colour"; the attributes are brand (labels), price (number).'],
    [{ kind: 'range', attribute: 'brand', min: 1 } as const, 'filter: The attribute brand holds labels'],
  ])('is refused where it is wrong: %j', async (wrong, message) => {
    const refused = service.recall({ topK: 1, filter: wrong });
    await expect(refused).rejects.toMatchObject({ code: 'RECALL_REQUEST_INVALID', field: 'filter' });
    await expect(refused).rejects.toThrow(message);
  });
});

describe('a vector', () => {
  it('is searched by as it is, alone and in a batch', async () => {
    const queryVector = vectorOf(3).map((value) => value * 3);
    const alone = await service.recall({ queryVector, topK: 10 });
    expect(alone).toMatchObject({ source: 'vector', unknownHistoryItems: 0, timings: { encodeMicros: 0 } });
    expectNearest(alone.itemIds, queryVector, 10);
    const [user, vector, wrong] = await service.recallEach([
      { userId: 103, topK: 10, excludeSeen: false },
      { queryVector: [...queryVector], topK: 10 },
      { queryVector: [1], topK: 10 },
    ]);
    expect(vector).toMatchObject({ source: 'vector', itemIds: alone.itemIds });
    expect(user).toMatchObject({ source: 'model', itemIds: alone.itemIds });
    expect(wrong).toBeInstanceOf(RecallRequestError);
  });

  it('leaves out what the request says', async () => {
    const [best] = expectedIds(vectorOf(4), 1);
    const { itemIds } = await service.recall({ queryVector: vectorOf(4), topK: 60, excludeItemIds: [best] });
    expect(itemIds).toHaveLength(59);
    expect(itemIds).not.toContain(best);
  });
});

describe('an artifact of vectors alone', () => {
  it('answers vectors and finds similar items, but knows no users', async () => {
    const root = await temporary();
    const { itemVectors, dim, version } = await publishSmallVectors(root, 'l2');
    const alone = await VectorRecallService.fromArtifact(root);
    await alone.warm();
    expect(alone.info()).toMatchObject({
      version,
      dim,
      space: 'l2',
      inputs: ['queryVector'],
      userCount: 0,
      historyLength: 0,
      userFeatureNames: [],
    });
    const exact = new ExactIndex(itemVectors, dim, 'l2');
    const vector = itemVectors.subarray(5 * dim, 6 * dim);
    const nearest = exact.search(vector, 8);
    const { itemIds, scores, source } = await alone.recall({ queryVector: vector, topK: 8 });
    expect(source).toBe('vector');
    // Those that lie too near each other for the index to tell apart may change places.
    expect(new Set(itemIds)).toEqual(new Set(Array.from(nearest.labels, (row) => `i${row}`)));
    scores.forEach((score, place) => {
      expect(score).toBeCloseTo(nearest.scores[place], 1);
    });
    expect((await alone.similarItems({ itemId: 'i5', topK: 7 })).itemIds).toEqual(itemIds.slice(1));
    await expect(alone.recall({ userId: 7, topK: 1 })).rejects.toMatchObject({ field: 'userId' });
    await expect(alone.recall({ topK: 1 })).rejects.toMatchObject({ field: 'queryVector' });
    await alone.close();
  });
});

describe('a known user', () => {
  it('gets the items nearest to their stored vector, without what they have', async () => {
    const result = await service.recall({ userId: 103, topK: 10 });
    expect(result).toMatchObject({ source: 'model', unknownHistoryItems: 0 });
    expectNearest(result.itemIds, vectorOf(3), 10, historyOf(3));
    expect([...result.scores]).toEqual([...result.scores].sort((a, b) => b - a));
    expect(result.latencyMs).toBeGreaterThan(0);
  });

  it('gets what they have too when asked for', async () => {
    const result = await service.recall({ userId: 103, topK: 60, excludeSeen: false });
    expect(result.itemIds).toHaveLength(60);
    expect(result.itemIds).toEqual(expect.arrayContaining(historyOf(3).map((row) => `i${row}`)));
  });

  it('gets fewer than topK where the catalogue has no more', async () => {
    const result = await service.recall({ userId: 103, topK: 10_000 });
    expect(result.itemIds).toHaveLength(60 - historyOf(3).length);
    expect(result.scores).toHaveLength(60 - historyOf(3).length);
  });

  it('is found by digits too', async () => {
    const [byNumber, byText, byOther] = await service.batchRecall([
      { userId: 103, topK: 5 },
      { userId: '103', topK: 5 },
      { userId: '0103', topK: 5 },
    ]);
    expect(byText.itemIds).toEqual(byNumber.itemIds);
    expect(byOther.source).toBe('popularity');
  });

  it('gets candidates from a fresh history, of which the newest items are read', async () => {
    const history = [50, 51, 52, 53, 54, 55];
    const result = await service.recall({ userId: 103, history: history.map((row) => `i${row}`), topK: 10 });
    expect(result.source).toBe('model');
    const vector = encode(3, history.slice(-4));
    expectNearest(result.itemIds, vector, 10, [...historyOf(3), ...history]);
    expect(result.itemIds).not.toEqual(expectedIds(vectorOf(3), 10, [...historyOf(3), ...history]));
  });

  it('loses the stored history to an empty one', async () => {
    const result = await service.recall({ userId: 103, history: [], topK: 10 });
    expectNearest(result.itemIds, encode(3, []), 10, historyOf(3));
  });

  it('gets candidates from fresh features, standardised as in training, and the stored history', async () => {
    const result = await service.recall({ userId: 100, features: [60, 9], topK: 10 });
    const vector = encode(0, historyOf(0).slice(-4), [(60 - 40) / 10, (9 - 5) / 2]);
    expectNearest(result.itemIds, vector, 10, historyOf(0));
  });
});

describe('the context of a request', () => {
  it('is read with the stored history', async () => {
    const result = await service.recall({ userId: 100, context: { device: 'desktop' }, topK: 10 });
    expect(result.source).toBe('model');
    expectNearest(result.itemIds, encode(0, historyOf(0).slice(-4), undefined, 1), 10, historyOf(0));
  });

  it('is each request its own in a batch, and unknown where the label was never seen', async () => {
    const [phone, none, unseen] = await service.batchRecall([
      { userId: 103, history: ['i5'], context: { device: 'phone' }, topK: 10 },
      { userId: 103, history: ['i5'], topK: 10 },
      { userId: 103, history: ['i5'], context: { device: 'watch' }, topK: 10 },
    ]);
    expectNearest(phone.itemIds, encode(3, [5], undefined, 0), 10, [...historyOf(3), 5]);
    expectNearest(none.itemIds, encode(3, [5]), 10, [...historyOf(3), 5]);
    expect(unseen.itemIds).toEqual(none.itemIds);
  });

  it('is refused where the model does not read it', async () => {
    await expect(service.recall({ userId: 100, context: { country: 'PT' }, topK: 5 })).rejects.toThrow(
      'context has "country", but this model reads device.',
    );
  });
});

describe('an unknown user', () => {
  it('gets what most users have', async () => {
    const result = await service.recall({ userId: 'nobody', topK: 5 });
    const { labels, scores } = new PopularityRanking(rankByPopularity(world.catalogue)).top(5);
    expect(result.source).toBe('popularity');
    expect(result.itemIds).toEqual(Array.from(labels, (row) => `i${row}`));
    expect(result.scores).toEqual(scores);
    expect(await service.recall({ topK: 5 })).toMatchObject({ source: 'popularity', itemIds: result.itemIds });
  });

  it('gets candidates from their history', async () => {
    const result = await service.recall({ userId: 999, history: ['i5', 'nothing', 'i9', 7], topK: 10 });
    expect(result).toMatchObject({ source: 'history', unknownHistoryItems: 2 });
    expectNearest(result.itemIds, encode(-1, [5, 9], [0, 0]), 10, [5, 9]);
  });

  it('gets candidates from their features', async () => {
    const result = await service.recall({ features: Float32Array.of(30, 5), topK: 10 });
    expect(result.source).toBe('history');
    expectNearest(result.itemIds, encode(-1, [], [-1, 0]), 10);
  });

  it('gets what most users have where no item of the history is known, or there is none', async () => {
    const [unknown, empty] = await service.batchRecall([
      { history: ['nothing', 'else'], topK: 3 },
      { history: [], topK: 3 },
    ]);
    expect(unknown).toMatchObject({ source: 'popularity', unknownHistoryItems: 2 });
    expect(empty).toMatchObject({ source: 'popularity', unknownHistoryItems: 0 });
  });
});

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

describe('similar items', () => {
  const vectorOfItem = (row: number): Float32Array => world.itemVectors.subarray(row * DIM, (row + 1) * DIM);

  it('are those with the nearest vectors, without the item itself', async () => {
    const { itemIds, scores } = await service.similarItems({ itemId: 'i7', topK: 10 });
    expectNearest(itemIds, vectorOfItem(7), 10, [7]);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
  });

  it('leave out what they are asked to', async () => {
    const [first, second] = expectedIds(vectorOfItem(7), 2, [7]);
    const { itemIds } = await service.similarItems({ itemId: 'i7', topK: 1, excludeItemIds: [first], efSearch: 60 });
    expect(itemIds).toEqual([second]);
  });

  it('are not known of an item that the catalogue does not hold', async () => {
    const call = service.similarItems({ itemId: 'gone', topK: 3 });
    await expect(call).rejects.toBeInstanceOf(UnknownItemError);
    await expect(call).rejects.toMatchObject({
      code: 'RECALL_ITEM_UNKNOWN',
      itemId: 'gone',
      message: 'The catalogue has no item "gone"; ask for one that the model was trained with.',
    });
  });
});

it('leaves out the items of a request, seen or not', async () => {
  const [first] = expectedIds(vectorOf(3), 1);
  const request = { userId: 103, topK: 10, excludeItemIds: [first, 'gone'], excludeSeen: false };
  expectNearest((await service.recall(request)).itemIds, vectorOf(3), 10, [Number(first.slice(1))]);
  const unknown = await service.recall({ topK: 60, excludeItemIds: ['i4'] });
  expect(unknown.itemIds).toHaveLength(59);
  expect(unknown.itemIds).not.toContain('i4');
});

it('searches as broadly as a request asks', async () => {
  const search = (efSearch: number) => service.recall({ userId: 101, topK: 5, efSearch, excludeSeen: false });
  expectNearest((await search(60)).itemIds, vectorOf(1), 5);
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
    const closing = await VectorRecallService.fromArtifact(world.root);
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
  expect(service).toMatchObject({ version: world.version, itemCount: 60, userCount: 12, dim: DIM });
  expect(service.info()).toEqual({
    version: world.version,
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
    historyLength: 4,
    defaultEfSearch: 60,
    limits: { maxTopK: 10_000, maxEfSearch: 100_000 },
  });
});

it('serves a version from its folder', async () => {
  const again = await VectorRecallService.fromArtifact(join(world.root, 'versions', world.version));
  const request = { userId: 104, topK: 8 };
  expect((await again.recall(request)).itemIds).toEqual((await service.recall(request)).itemIds);
  await again.close();
});

it('has the limits and the strictness that it is given', async () => {
  const limits = { maxTopK: 20, maxEfSearch: 30 };
  const bounded = await VectorRecallService.fromArtifact(world.root, { limits, strictIds: true });
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
  await expect(VectorRecallService.fromArtifact(world.root, options)).rejects.toEqual(
    new ServiceOptionError(option, message),
  );
});

describe('a model without histories', () => {
  it('uses a history for what is left out only', async () => {
    const root = await temporary();
    const { userIds, itemIds, history } = smallCatalogue();
    await publishSmallWorld(root, { config: { historyEncoder: 'none' }, catalogue: { userIds, itemIds, history } });
    const plain = await VectorRecallService.fromArtifact(root, { searchThreads: 1 });
    const unknown = await plain.recall({ history: ['i0'], topK: 60 });
    expect(unknown.source).toBe('popularity');
    expect(unknown.itemIds).not.toContain('i0');
    const [stored, fresh] = await plain.batchRecall([
      { userId: 102, topK: 5 },
      { userId: 102, history: [], topK: 5 },
    ]);
    expect(fresh.itemIds).toEqual(stored.itemIds);
    expect(plain.describeItem('i4')).toEqual({ id: 'i4' });
    expect(plain.info()).toMatchObject({ historyLength: 0, userFeatureNames: [] });
    await expect(plain.recall({ userId: 102, features: [1], topK: 5 })).rejects.toThrow(
      'The model was trained without user features; send no features.',
    );
    await plain.warm();
    await plain.close();
  });
});

describe('loading refuses', () => {
  it('an artifact that was changed after it was published', async () => {
    const root = await temporary();
    const { version } = await publishSmallWorld(root);
    const file = join(root, 'versions', version, 'users.npy');
    await appendFile(file, 'x');
    await expect(VectorRecallService.fromArtifact(root)).rejects.toMatchObject({ code: 'ARTIFACT_FILE_INVALID', file });
  });

  it('an artifact without towers', async () => {
    const root = await temporary();
    await publishSmallWorld(root, { harm: (folder) => rm(join(folder, 'towers.safetensors')) });
    await expect(VectorRecallService.fromArtifact(root)).rejects.toThrow(
      /^The artifact .* has no towers\.safetensors; train and publish it again\.$/,
    );
  });

  it('user vectors of another width', async () => {
    const root = await temporary();
    const { version } = await publishSmallWorld(root, {
      harm: (folder) => writeNpy(join(folder, 'users.npy'), new Float32Array(48).fill(1), [12, 4]),
    });
    const loading = VectorRecallService.fromArtifact(root);
    await expect(loading).rejects.toBeInstanceOf(ArtifactMismatchError);
    await expect(loading).rejects.toMatchObject({
      code: 'RECALL_ARTIFACT_MISMATCH',
      message:
        `${join(root, 'versions', version, 'users.npy')} has the shape [12, 4], but there are 12 users and the index has ` +
        '8 dimensions; train and publish again.',
    });
  });

  it('an index of other items', async () => {
    const root = await temporary();
    const config = { m: 4, efConstruction: 20, efSearch: 10 };
    const { version } = await publishSmallWorld(root, {
      harm: async (folder) => {
        const other = await HnswIndex.build(new Float32Array(5 * DIM).fill(1), DIM, { config, seed: 1 });
        await other.save(folder);
      },
    });
    await expect(VectorRecallService.fromArtifact(root)).rejects.toThrow(
      `${join(root, 'versions', version, 'hnsw.bin')} holds 5 items, but the catalogue has 60; build the index again.`,
    );
  });
});
