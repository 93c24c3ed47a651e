import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishSmallVectors, publishSmallWorld } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';

let folder: string;
let service: VectorRecallService;
let vectorsAlone: VectorRecallService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  await publishSmallWorld(join(folder, 'world'));
  await publishSmallVectors(join(folder, 'vectors'));
  service = await VectorRecallService.fromArtifact(join(folder, 'world'), { searchThreads: 1 });
  vectorsAlone = await VectorRecallService.fromArtifact(join(folder, 'vectors'), { searchThreads: 1 });
});

afterAll(async () => {
  await service.close();
  await vectorsAlone.close();
  await rm(folder, { recursive: true });
});

it('draws the answer to what counts much, also in a model of vectors alone', async () => {
  for (const model of [service, vectorsAlone]) {
    const answer = await model.recall({
      history: ['i5', 'i9'],
      historyWeights: [1000, 1],
      excludeSeen: false,
      topK: 60,
    });
    expect(answer.source).toBe('history');
    expect(answer.itemIds.indexOf('i5')).toBeLessThan(answer.itemIds.indexOf('i9'));
  }
  const [near] = (await vectorsAlone.recall({ history: ['i5'], historyWeights: [1], excludeSeen: false, topK: 1 }))
    .itemIds;
  expect(near).toBe('i5');
  const seen = await vectorsAlone.recall({ history: ['i5'], historyWeights: [1], topK: 60 });
  expect(seen.itemIds).not.toContain('i5');
});

it('moves what is like unwanted items back, and does not return them', async () => {
  const user = { userId: 104, topK: 60, excludeSeen: false };
  const plain = await service.recall(user);
  const unwanted = plain.itemIds[0];
  const [, second] = (await service.similarItems({ itemId: unwanted, topK: 2 })).itemIds;
  const [without, same] = await service.batchRecall([{ ...user, negativeItemIds: [unwanted] }, user]);
  expect(without.itemIds).not.toContain(unwanted);
  expect(without.itemIds.indexOf(second)).toBeGreaterThan(plain.itemIds.indexOf(second));
  expect(without.source).toBe('model');
  expect(same.itemIds).toEqual(plain.itemIds);
  // Of a stranger nothing is known but what they do not want.
  expect((await service.recall({ topK: 60, negativeItemIds: ['i0'] })).source).toBe('popularity');
});

it.each([
  [
    'historyWeights',
    { history: ['i1'], historyWeights: [1, 2] },
    'historyWeights has 2 values, but history has 1 items',
  ],
  [
    'historyWeights',
    { historyWeights: [1] },
    'historyWeights has 1 values, but history has 0 items; send one for each.',
  ],
  [
    'historyWeights',
    { history: ['i1'], historyWeights: [0] },
    'historyWeights[0] is 0, but it must be a number above 0',
  ],
  ['historyWeights', { history: ['i1'], historyWeights: [NaN] }, 'historyWeights[0] is NaN, but it must be a number'],
  [
    'negativeItemIds',
    { negativeItemIds: new Array<string>(257).fill('i1') },
    'has 257 entries, but it may have at most 256.',
  ],
])('refuses a bad %s', async (field, request, message) => {
  const refused = service.recall({ ...request, topK: 1 });
  await expect(refused).rejects.toMatchObject({ field });
  await expect(refused).rejects.toThrow(message);
});
