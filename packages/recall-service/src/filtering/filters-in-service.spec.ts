import { ServedWorld } from '../testing/served-world';
import type { VectorRecallService } from '../vector-recall-service';

let served: ServedWorld;
let service: VectorRecallService;

beforeAll(async () => {
  served = await ServedWorld.start();
  service = served.service;
});

afterAll(() => served.close());

describe('a filter', () => {
  /** Rows that `brand in ("a") and price >= 30` selects. */
  const selected = Array.from({ length: 10 }, (_, i) => 30 + 3 * i);
  const others = Array.from({ length: 60 }, (_, row) => row).filter((row) => !selected.includes(row));
  const filter = 'brand in ("a") and price >= 30';

  it('leaves only the items that it selects, nearest first, and tells how many there are', async () => {
    const found = await service.recall({ userId: 104, topK: 8, filter, excludeSeen: false });
    served.expectNearest(found.itemIds, served.vectorOf(4), 8, others);
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
    ['price < 5 and', 'filter: The filter cannot be read: expected an attribute, not or (, at character 14:'],
    ['colour = "red"', 'There is no attribute "colour"; the attributes are brand (labels), price (number).'],
    [{ kind: 'range', attribute: 'brand', min: 1 } as const, 'filter: The attribute brand holds labels'],
  ])('is refused where it is wrong: %j', async (wrong, message) => {
    const refused = service.recall({ topK: 1, filter: wrong });
    await expect(refused).rejects.toMatchObject({ code: 'RECALL_REQUEST_INVALID', field: 'filter' });
    await expect(refused).rejects.toThrow(message);
  });
});
