import { SearchIndex } from '@vector-recall/hnsw-index';
import { RandomStream } from '@vector-recall/random';
import { measureSearchCurve } from './search-curve';

it('measures narrower and broader searches than the chosen one', async () => {
  const random = new RandomStream(4);
  const vectors = {
    items: Float32Array.from({ length: 2000 * 8 }, () => random.normal()),
    users: Float32Array.from({ length: 60 * 8 }, () => random.normal()),
  };
  const config = { m: 4, efConstruction: 20, efSearch: 40 };
  const index = await SearchIndex.build(vectors.items, 8, { config, seed: 1 });
  const { k, chosen, points } = await measureSearchCurve(index, vectors, { k: 10, random });
  await index.close();
  expect([k, chosen]).toEqual([10, 40]);
  expect(points.map(({ efSearch }) => efSearch)).toEqual([5, 10, 20, 40, 80, 160, 320]);
  const recalls = points.map(({ recall }) => recall);
  expect(recalls).toEqual([...recalls].sort((a, b) => a - b));
  expect(recalls[6] - recalls[0]).toBeGreaterThan(0.05);
});
