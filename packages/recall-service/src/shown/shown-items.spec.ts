import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishSmallWorld } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';
import { ShownItems } from './shown-items';

it('tells what a user was shown lately', () => {
  const shown = new ShownItems();
  shown.add(7, ['a', 'b'], 100);
  shown.add('7', ['b', 'c'], 160);
  shown.add(8, ['z'], 160);
  expect(shown.within(7, 60, 160)).toEqual(['a', 'b', 'c']);
  expect(shown.within(7, 60, 161)).toEqual(['b', 'c']);
  expect(shown.within(7, 60, 221)).toEqual([]);
  expect(shown.within(9, 60, 160)).toEqual([]);
  expect([shown.userCount, shown.itemCount]).toEqual([2, 4]);
});

it('keeps the newest items of the users that were heard of last', () => {
  const shown = new ShownItems({ maxUsers: 3, maxItems: 4, maxAll: 9, maxSeconds: 1000 });
  shown.add(1, ['a', 'b', 'c', 'd', 'e', 'f'], 1);
  expect(shown.within(1, 10, 1)).toEqual(['c', 'd', 'e', 'f']);
  shown.add(2, ['a', 'b'], 2);
  shown.add(3, ['a', 'b', 'c'], 3);
  expect([shown.userCount, shown.itemCount]).toEqual([3, 9]);
  shown.add(4, ['a'], 4);
  expect([shown.within(1, 99, 4), shown.within(2, 99, 4)]).toEqual([[], ['a', 'b']]);
  // What is too old to be asked for goes.
  shown.add(2, ['z'], 2000);
  expect(shown.within(2, 99_999, 2000)).toEqual(['z']);
  shown.add(5, ['a', 'b', 'c', 'd'], 2001);
  expect(shown.itemCount).toBeLessThanOrEqual(9);
  for (let user = 0; user < 1000; user++) shown.add(user, ['a', 'b', 'c', 'd', 'e'], 3000 + user);
  expect([shown.userCount, shown.itemCount]).toEqual([2, 8]);
});

describe('a service', () => {
  let folder: string;
  let service: VectorRecallService;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shown-'));
    await publishSmallWorld(folder);
    service = await VectorRecallService.fromArtifact(folder, { searchThreads: 1 });
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });

  it('does not repeat what a user was shown, for as long as the request says, known or not', async () => {
    for (const userId of [104, 99_999]) {
      const ask = { userId, topK: 5, excludeSeen: false };
      const first = await service.recall(ask);
      const second = await service.recall({
        ...ask,
        shown: { itemIds: [...first.itemIds, 'gone'], withinSeconds: 600 },
      });
      expect(second.itemIds.filter((id) => first.itemIds.includes(id))).toEqual([]);
      const [third, other, plain] = await service.batchRecall([
        { ...ask, shown: { withinSeconds: 600 } },
        { ...ask, userId: 105, shown: { withinSeconds: 600 } },
        ask,
      ]);
      expect(third.itemIds).toEqual(second.itemIds);
      expect(other.itemIds).toEqual((await service.recall({ ...ask, userId: 105 })).itemIds);
      expect(plain.itemIds).toEqual(first.itemIds);
    }
  });

  it('keeps nothing of users who are only encoded', async () => {
    const ask = { userId: 106, topK: 5 };
    const first = await service.recall(ask);
    const encoded = { ...ask, shown: { itemIds: first.itemIds } };
    await service.encodeUsers([encoded]);
    expect((await service.recall({ ...ask, shown: { withinSeconds: 600 } })).itemIds).toEqual(first.itemIds);
  });

  it.each([
    [{ topK: 1, shown: { withinSeconds: 5 } }, 'shown needs userId, whose items are kept.'],
    [{ topK: 1, userId: 1, shown: {} }, 'shown needs item ids, a time, or both.'],
    [{ topK: 1, userId: 1, shown: 3 as never }, 'shown must be an object of itemIds and withinSeconds.'],
    [
      { topK: 1, userId: 1, shown: { withinSeconds: 0 } },
      'must look back a whole number of seconds from 1 to 2592000.',
    ],
    [{ topK: 1, userId: 1, shown: { itemIds: 'a' as never } }, 'shown must be an array of item ids'],
  ])('refuses %j', async (request, message) => {
    const refused = service.recall(request);
    await expect(refused).rejects.toMatchObject({ field: 'shown' });
    await expect(refused).rejects.toThrow(message);
  });
});
