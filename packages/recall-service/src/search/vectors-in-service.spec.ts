import { ExactIndex } from '@vector-recall/hnsw-index';
import { RecallRequestError, UnknownItemError } from '../errors';
import { ServedWorld } from '../testing/served-world';
import { publishSmallVectors, smallConfig } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';

const DIM = smallConfig.embeddingDim;

let served: ServedWorld;
let service: VectorRecallService;

beforeAll(async () => {
  served = await ServedWorld.start();
  service = served.service;
});

afterAll(() => served.close());

describe('a vector', () => {
  it('is searched by as it is, alone and in a batch', async () => {
    const queryVector = served.vectorOf(3).map((value) => value * 3);
    const alone = await service.recall({ queryVector, topK: 10 });
    expect(alone).toMatchObject({ source: 'vector', unknownHistoryItems: 0, timings: { encodeMicros: 0 } });
    served.expectNearest(alone.itemIds, queryVector, 10);
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
    const [best] = served.expectedIds(served.vectorOf(4), 1);
    const { itemIds } = await service.recall({ queryVector: served.vectorOf(4), topK: 60, excludeItemIds: [best] });
    expect(itemIds).toHaveLength(59);
    expect(itemIds).not.toContain(best);
  });
});

describe('similar items', () => {
  const vectorOfItem = (row: number): Float32Array => served.world.itemVectors.subarray(row * DIM, (row + 1) * DIM);

  it('are those with the nearest vectors, without the item itself', async () => {
    const { itemIds, scores } = await service.similarItems({ itemId: 'i7', topK: 10 });
    served.expectNearest(itemIds, vectorOfItem(7), 10, [7]);
    expect([...scores]).toEqual([...scores].sort((a, b) => b - a));
  });

  it('leave out what they are asked to', async () => {
    const [first, second] = served.expectedIds(vectorOfItem(7), 2, [7]);
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

describe('an artifact of vectors alone', () => {
  it('answers vectors and finds similar items, but knows no users', async () => {
    const root = await served.temporaryFolder();
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
