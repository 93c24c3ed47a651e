import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveStore } from '@vector-recall/live-index';
import { StandingUnfitError } from '../errors';
import { ModelHost } from '../hosting/model-host';
import { publishSmallVectors, publishSmallWorld, type SmallArtifact } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';
import type { Standing } from './standing';
import { StandingAdmin } from './standing-admin';
import { StandingStore } from './standing-store';

let folder: string;
let world: SmallArtifact;
let service: VectorRecallService;
/** What holds for all services of this file. */
const standing: { current: Standing | undefined } = { current: undefined };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standing-'));
  world = await publishSmallWorld(join(folder, 'store'));
  service = await VectorRecallService.fromArtifact(world.root, { standing, searchThreads: 1 });
});
afterEach(() => {
  standing.current = undefined;
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const rowOf = (id: number | string): number => Number(String(id).slice(1));
const all = { topK: 60, excludeSeen: false };

it('hides items and narrows all answers, whatever requests say', async () => {
  // Item i is of the brand i % 3 and costs i.
  standing.current = { deniedItemIds: ['i6', 'i7', 'gone'], filter: 'brand in ("a", "b") and price < 30' };
  const kept = Array.from({ length: 30 }, (_, row) => row).filter((row) => row % 3 < 2 && row !== 6 && row !== 7);
  const rows = (ids: readonly (number | string)[]): number[] => ids.map(rowOf).toSorted((a, b) => a - b);
  const known = await service.recall({ ...all, userId: 104 });
  expect(rows(known.itemIds)).toEqual(kept);
  // The request has no filter, so there is nothing to tell of one.
  expect(known.filter).toBeUndefined();
  const [popular, filtered, ruled] = await service.batchRecall([
    all,
    { ...all, userId: 104, filter: 'price >= 5' },
    { ...all, topK: 5, userId: 104, rules: { promoted: { itemIds: ['i6', 'i9'], quota: 2 } } },
  ]);
  expect(rows(popular.itemIds)).toEqual(kept);
  expect(rows(filtered.itemIds)).toEqual(kept.filter((row) => row >= 5));
  expect(filtered.filter?.matches).toBe(kept.filter((row) => row >= 5).length);
  expect(ruled.itemIds[0]).toBe('i9');
  expect(ruled.itemIds).not.toContain('i6');
  const similar = await service.similarItems({ itemId: 'i6', topK: 60 });
  expect(rows(similar.itemIds)).toEqual(kept);
});

it('counts from the moment it is set, changed or cleared', async () => {
  const ask = async (): Promise<number> => (await service.recall({ ...all, userId: 104 })).itemIds.length;
  expect(await ask()).toBe(60);
  standing.current = { deniedItemIds: ['i1'] };
  expect(await ask()).toBe(59);
  expect(await ask()).toBe(59);
  standing.current = { deniedItemIds: ['i1', 'i2'] };
  expect(await ask()).toBe(58);
  standing.current = undefined;
  expect(await ask()).toBe(60);
});

it('hides items that come while it holds', async () => {
  const store = await LiveStore.open(join(folder, 'live'));
  const live = await VectorRecallService.fromArtifact(world.root, { standing, live: { source: store } });
  try {
    standing.current = { deniedItemIds: ['later', 'i3'], filter: 'not price > 50' };
    expect((await live.recall({ ...all, userId: 104 })).itemIds).toHaveLength(50);
    const vector = world.itemVectors.slice(0, 8);
    const upsert = (id: string) => ({ kind: 'upsert-item', changeId: id, item: { id, vector } }) as const;
    await live.live?.write([upsert('later'), upsert('another')]);
    const { itemIds } = await live.recall({ ...all, userId: 104 });
    expect(itemIds).toContain('another');
    expect(itemIds).not.toContain('later');
    expect(itemIds).toHaveLength(51);
  } finally {
    await live.close();
    await store.close();
  }
});

it('is set only where the model in use can apply it, and a model that cannot is not served', async () => {
  const root = join(folder, 'swap');
  await publishSmallWorld(root);
  const store = await StandingStore.open(join(folder, 'rules.json'));
  const host = new ModelHost(root, { service: { standing: store, searchThreads: 1 } });
  try {
    await host.start();
    const served = host.version;
    const admin = new StandingAdmin(store, [host]);
    const unfit = { deniedItemIds: [], filter: 'colour = "red"' };
    await expect(admin.set(unfit)).rejects.toBeInstanceOf(StandingUnfitError);
    expect(admin.current).toBeUndefined();
    await admin.set({ deniedItemIds: [], filter: 'price < 9' });
    // Of vectors alone, without attributes.
    await publishSmallVectors(root);
    await expect(host.reload()).rejects.toThrow(
      'The standing filter does not fit the model: There is no attribute "price"; this catalogue has no attributes. ' +
        `Change the filter, or clear it. The version ${served} goes on serving.`,
    );
    await admin.set({ deniedItemIds: ['i1'] });
    expect((await host.reload()).version).not.toBe(served);
  } finally {
    await host.close();
  }
});
