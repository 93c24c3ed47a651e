import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecallRequest } from '../recall';
import { publishSmallWorld } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';

let folder: string;
let service: VectorRecallService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candidate-search-'));
  await publishSmallWorld(folder);
  service = await VectorRecallService.fromArtifact(folder);
});

afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const rowOf = (id: number | string): number => Number(String(id).slice(1));
/** Item `i` is of the brand `i % 3`. */
const countsOf = (ids: readonly (number | string)[]): number[] =>
  [0, 1, 2].map((brand) => ids.filter((id) => rowOf(id) % 3 === brand).length);
const user: RecallRequest = { userId: 104, topK: 6, excludeSeen: false };

describe('rules', () => {
  it('cap labels, over a pool of four times what is returned', async () => {
    const pool = await service.recall({ ...user, topK: 24 });
    const caps = [{ attribute: 'brand', most: 2 }];
    const capped = await service.recall({ ...user, rules: { caps } });
    expect(capped.rules?.pool).toBe(24);
    const expected = [0, 1, 2]
      .flatMap((brand) => pool.itemIds.filter((id) => rowOf(id) % 3 === brand).slice(0, 2))
      .toSorted((a, b) => pool.itemIds.indexOf(a) - pool.itemIds.indexOf(b));
    expect(capped.itemIds).toEqual(expected);
    // The pool has none of the third brand, and the whole catalogue has.
    expect(countsOf(capped.itemIds)).toEqual([2, 2, 0]);
    const wider = await service.recall({ ...user, rules: { caps, pool: 60 } });
    expect(countsOf(wider.itemIds)).toEqual([2, 2, 2]);
    expect([...capped.scores]).toEqual(expected.map((id) => pool.scores[pool.itemIds.indexOf(id)]));
  });

  it('change nothing where none binds', async () => {
    const plain = await service.recall(user);
    const ruled = await service.recall({ ...user, rules: { pool: 6, diversity: { lambda: 1 } } });
    expect(ruled.itemIds).toEqual(plain.itemIds);
    expect(ruled.scores).toEqual(plain.scores);
    expect(plain.rules).toBeUndefined();
    expect(ruled.rules).toEqual({ pool: 6, placements: new Array(6).fill('score') });
  });

  it('put promoted items first, but for those that a filter or the request excludes', async () => {
    const all = await service.recall({ ...user, topK: 60 });
    const [last, secondLast, thirdLast] = all.itemIds.toReversed();
    const promoted = { itemIds: [thirdLast, 'gone', last, secondLast], quota: 2 };
    const ruled = await service.recall({ ...user, rules: { promoted } });
    expect(ruled.itemIds).toEqual([thirdLast, last, ...all.itemIds.slice(0, 4)]);
    expect(ruled.scores[1]).toBeCloseTo(all.scores[59], 5);
    expect(ruled.rules?.placements).toEqual(['promoted', 'promoted', 'score', 'score', 'score', 'score']);
    const narrowed = await service.recall({
      ...user,
      rules: { promoted },
      excludeItemIds: [thirdLast],
      filter: { kind: 'not', filter: { kind: 'ids', ids: [last] } },
    });
    expect(narrowed.itemIds[0]).toBe(secondLast);
    expect(narrowed.rules?.placements[1]).toBe('score');
    expect(narrowed.itemIds).not.toContain(last);
  });

  it('hold for each entry of a batch, for the most popular items and for similar ones', async () => {
    const caps = [{ attribute: 'brand', most: 1 }];
    const [popular, plain, diverse] = await service.batchRecall([
      { topK: 3, rules: { caps, boosts: [{ attribute: 'price', weight: 1 }] } },
      user,
      { ...user, rules: { diversity: { lambda: 0 } } },
    ]);
    // Prices are rows, and larger than shares: the dearest of the twelve most popular come first.
    expect(countsOf(popular.itemIds)).toEqual([1, 1, 1]);
    expect([...(popular.rules?.added ?? [])].map(Math.round)).toEqual(popular.itemIds.map(rowOf));
    expect(plain.rules).toBeUndefined();
    expect(diverse.itemIds[0]).toBe(plain.itemIds[0]);
    expect(diverse.rules?.placements).toContain('diversity');
    const similar = await service.similarItems({ itemId: 'i5', topK: 3, rules: { caps, pool: 60 } });
    expect(countsOf(similar.itemIds)).toEqual([1, 1, 1]);
    expect(similar.itemIds).not.toContain('i5');
  });

  it('are refused by the name of the field', async () => {
    const refused = service.recall({ topK: 1, rules: { pool: 0 } });
    await expect(refused).rejects.toMatchObject({ code: 'RECALL_REQUEST_INVALID', field: 'rules' });
    await expect(refused).rejects.toThrow('rules.pool is 0, but it must be an integer from 1 to 40000.');
    await expect(service.similarItems({ itemId: 'i5', topK: 1, rules: 3 as never })).rejects.toThrow(
      'rules must be an object',
    );
  });
});
