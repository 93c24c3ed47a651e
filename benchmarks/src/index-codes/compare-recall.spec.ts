import { compareRecall } from './compare-recall';
import { drawVectors, vectorSets } from './vector-sets';

/** The short form of `nx run benchmarks:index-codes`. */
it.each(vectorSets)('the engine finds as much as hnswlib in the same graph: %s', async (name) => {
  const { hnswlib, engine } = await compareRecall(drawVectors(name, 2500, 40), [10, 100], 200);
  for (const k of ['recall@10', 'recall@100']) expect(engine[k]).toBeGreaterThanOrEqual(hnswlib[k] - 0.01);
});

it('names the sets where it is asked for another one', () => {
  expect(() => drawVectors('uniform', 10, 1)).toThrow(/There are no vectors named uniform; the sets are clustered/);
});
