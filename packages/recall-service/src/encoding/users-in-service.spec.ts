import { PopularityRanking, rankByPopularity } from '../popularity';
import { ServedWorld } from '../testing/served-world';
import { publishSmallWorld, smallCatalogue } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';

let served: ServedWorld;
let service: VectorRecallService;

beforeAll(async () => {
  served = await ServedWorld.start();
  service = served.service;
});

afterAll(() => served.close());

describe('a known user', () => {
  it('gets the items nearest to their stored vector, without what they have', async () => {
    const result = await service.recall({ userId: 103, topK: 10 });
    expect(result).toMatchObject({ source: 'model', unknownHistoryItems: 0 });
    served.expectNearest(result.itemIds, served.vectorOf(3), 10, served.historyOf(3));
    expect([...result.scores]).toEqual([...result.scores].sort((a, b) => b - a));
    expect(result.latencyMs).toBeGreaterThan(0);
  });

  it('gets what they have too when asked for', async () => {
    const result = await service.recall({ userId: 103, topK: 60, excludeSeen: false });
    expect(result.itemIds).toHaveLength(60);
    expect(result.itemIds).toEqual(expect.arrayContaining(served.historyOf(3).map((row) => `i${row}`)));
  });

  it('gets fewer than topK where the catalogue has no more', async () => {
    const result = await service.recall({ userId: 103, topK: 10_000 });
    expect(result.itemIds).toHaveLength(60 - served.historyOf(3).length);
    expect(result.scores).toHaveLength(60 - served.historyOf(3).length);
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
    const vector = served.encode(3, history.slice(-4));
    served.expectNearest(result.itemIds, vector, 10, [...served.historyOf(3), ...history]);
    expect(result.itemIds).not.toEqual(
      served.expectedIds(served.vectorOf(3), 10, [...served.historyOf(3), ...history]),
    );
  });

  it('loses the stored history to an empty one', async () => {
    const result = await service.recall({ userId: 103, history: [], topK: 10 });
    served.expectNearest(result.itemIds, served.encode(3, []), 10, served.historyOf(3));
  });

  it('gets candidates from fresh features, standardised as in training, and the stored history', async () => {
    const result = await service.recall({ userId: 100, features: [60, 9], topK: 10 });
    const vector = served.encode(0, served.historyOf(0).slice(-4), [(60 - 40) / 10, (9 - 5) / 2]);
    served.expectNearest(result.itemIds, vector, 10, served.historyOf(0));
  });
});

describe('the context of a request', () => {
  it('is read with the stored history', async () => {
    const result = await service.recall({ userId: 100, context: { device: 'desktop' }, topK: 10 });
    expect(result.source).toBe('model');
    served.expectNearest(
      result.itemIds,
      served.encode(0, served.historyOf(0).slice(-4), undefined, 1),
      10,
      served.historyOf(0),
    );
  });

  it('is each request its own in a batch, and unknown where the label was never seen', async () => {
    const [phone, none, unseen] = await service.batchRecall([
      { userId: 103, history: ['i5'], context: { device: 'phone' }, topK: 10 },
      { userId: 103, history: ['i5'], topK: 10 },
      { userId: 103, history: ['i5'], context: { device: 'watch' }, topK: 10 },
    ]);
    served.expectNearest(phone.itemIds, served.encode(3, [5], undefined, 0), 10, [...served.historyOf(3), 5]);
    served.expectNearest(none.itemIds, served.encode(3, [5]), 10, [...served.historyOf(3), 5]);
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
    const { labels, scores } = new PopularityRanking(rankByPopularity(served.world.catalogue)).top(5);
    expect(result.source).toBe('popularity');
    expect(result.itemIds).toEqual(Array.from(labels, (row) => `i${row}`));
    expect(result.scores).toEqual(scores);
    expect(await service.recall({ topK: 5 })).toMatchObject({ source: 'popularity', itemIds: result.itemIds });
  });

  it('gets candidates from their history', async () => {
    const result = await service.recall({ userId: 999, history: ['i5', 'nothing', 'i9', 7], topK: 10 });
    expect(result).toMatchObject({ source: 'history', unknownHistoryItems: 2 });
    served.expectNearest(result.itemIds, served.encode(-1, [5, 9], [0, 0]), 10, [5, 9]);
  });

  it('gets candidates from their features', async () => {
    const result = await service.recall({ features: Float32Array.of(30, 5), topK: 10 });
    expect(result.source).toBe('history');
    served.expectNearest(result.itemIds, served.encode(-1, [], [-1, 0]), 10);
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

describe('a model without histories', () => {
  it('uses a history for what is left out only', async () => {
    const root = await served.temporaryFolder();
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
