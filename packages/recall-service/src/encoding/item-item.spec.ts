import { LiveStore } from '@vector-recall/live-index';
import { join } from 'node:path';
import { ServedWorld } from '../testing/served-world';
import { VectorRecallService } from '../vector-recall-service';

let served: ServedWorld;

beforeAll(async () => {
  served = await ServedWorld.start({ itemItemDim: 5 });
});

afterAll(() => served.close());

describe('a model with an item-item term', () => {
  it('answers with stored and with fresh histories as its vectors say', async () => {
    const { service } = served;
    const history = [50, 51, 52];
    const [stored, fresh] = await service.batchRecall([
      { userId: 103, topK: 10 },
      { userId: 103, history: history.map((row) => `i${row}`), topK: 10 },
    ]);
    served.expectNearest(stored.itemIds, served.vectorOf(3), 10, served.historyOf(3));
    served.expectNearest(fresh.itemIds, served.encode(3, history), 10, [...served.historyOf(3), ...history]);
    expect(fresh.itemIds).not.toEqual(stored.itemIds);
  });

  it('gives items that come while it serves the whole width of a vector', async () => {
    const { world } = served;
    const folder = await served.temporaryFolder();
    const store = await LiveStore.open(join(folder, 'live'));
    const service = await VectorRecallService.fromArtifact(world.root, { live: { source: store }, searchThreads: 1 });
    try {
      const attributes = { colour: 'blue', age: ['new'] };
      await service.live?.write([
        { kind: 'upsert-item', item: { id: 'twin', attributes } },
        { kind: 'upsert-item', item: { id: 'twin-2', attributes } },
      ]);
      const [twin, trained] = await service.encodeItems(['twin', 'i5']);
      expect(twin).toHaveLength(world.model.dim);
      expect(Math.hypot(...(twin ?? []))).toBeCloseTo(1, 5);
      expect(Array.from(trained ?? [])).toEqual(
        Array.from(world.itemVectors.subarray(5 * world.model.dim, 6 * world.model.dim)),
      );
      const { itemIds, scores } = await service.similarItems({ itemId: 'twin', topK: 1 });
      expect(itemIds).toEqual(['twin-2']);
      expect(scores[0]).toBeCloseTo(1, 5);
    } finally {
      await service.close();
      await store.close();
    }
  });
});
