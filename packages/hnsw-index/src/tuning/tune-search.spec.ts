import { CallerThreadIndex } from '../caller-thread-index';
import type { ConcurrentIndex } from '../concurrent-index';
import { IndexArgumentError } from '../errors';
import { ExactIndex } from '../exact/exact-index';
import { HnswIndex } from '../hnsw/hnsw-index';
import { clusteredVectors, createRandom } from '../testing/clustered-vectors';
import type { VectorIndex } from '../vector-index';
import { NeighbourSample } from './neighbour-sample';
import { tuneSearch } from './tune-search';

const DIM = 16;
const ROWS = 3000;

/** Without structure, so that a narrow search falls short of the true neighbours. */
function shapeless(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count * DIM }, () => random() + random() - 1);
}

const vectors = shapeless(ROWS, 1);
const truth = new ExactIndex(vectors, DIM);
const sample = NeighbourSample.of(truth, shapeless(80, 2), 50);
const exact = new CallerThreadIndex(truth, 1);
let index: ConcurrentIndex;

beforeAll(async () => {
  const config = { m: 6, efConstruction: 40, efSearch: 10 };
  index = new CallerThreadIndex(await HnswIndex.build(vectors, DIM, { config, seed: 1 }), 10);
});

/** An index that answers every query with the same rows. */
function foundAlways({ size, dim, space }: ExactIndex, labels: Int32Array): VectorIndex {
  const result = { labels, scores: new Float32Array(labels.length) };
  return {
    size,
    dim,
    space,
    isExact: false,
    search: () => result,
    searchBatch: (queries) => Array.from({ length: queries.length / dim }, () => result),
  };
}

describe('tuneSearch', () => {
  it('finds the smallest efSearch that reaches the target, and confirms it on other queries', async () => {
    const tuned = await tuneSearch(index, sample, { targetRecall: 0.9, cutoffs: [10, 50] });
    const [chosenOn, confirmedOn] = sample.halves();
    const worst = async (efSearch: number): Promise<number> => {
      const both = await Promise.all([10, 50].map((k) => chosenOn.recall(index, k, { efSearch })));
      return Math.min(...both.map(({ mean, standardError }) => mean - standardError));
    };
    expect(await worst(tuned.efSearch)).toBeGreaterThanOrEqual(0.9);
    expect(await worst(Math.floor(tuned.efSearch * 0.95))).toBeLessThan(0.9);
    expect(tuned.recall['recall@10']).toBe((await confirmedOn.recall(index, 10, tuned)).mean);
    expect(tuned.recall['recall@50']).toBe((await confirmedOn.recall(index, 50, tuned)).mean);
    expect(tuned).toMatchObject({ targetRecall: 0.9, isReached: true });
  });

  it('chooses the same when it is asked again, and more for a higher target', async () => {
    const tune = (targetRecall: number) => tuneSearch(index, sample, { targetRecall, cutoffs: [10] });
    const low = await tune(0.8);
    expect(await tune(0.8)).toEqual(low);
    expect((await tune(0.95)).efSearch).toBeGreaterThan(low.efSearch);
  });

  it('says so where no search reaches the target', async () => {
    // Half of the rows are out of the index's sight.
    const hidden = new ExactIndex(
      vectors.map((value, n) => (Math.floor(n / DIM) % 2 === 0 ? value : -value)),
      DIM,
    );
    const tuned = await tuneSearch(new CallerThreadIndex(hidden, 1), sample, { targetRecall: 0.9, cutoffs: [10] });
    // Any search is as good as the slowest here.
    expect(tuned).toMatchObject({ efSearch: 1, isReached: false, limitedBy: 'graph' });
  });

  it('ends when its signal is aborted', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(tuneSearch(index, sample, { targetRecall: 0.9, cutoffs: [10], signal })).rejects.toBe(reason);
  });

  it.each<[string, object, string]>([
    ['targetRecall', { targetRecall: 1 }, 'targetRecall is 1, but it must be above 0 and below 1.'],
    ['targetRecall', { targetRecall: NaN }, 'targetRecall is NaN, but it must be above 0 and below 1.'],
    ['cutoffs', { cutoffs: [] }, 'cutoffs is empty; tuning needs at least one.'],
    ['k', { cutoffs: [51] }, 'k is 51, but it must be an integer from 1 to 50.'],
  ])('refuses a bad %s', async (argument, options, message) => {
    const tuning = tuneSearch(index, sample, { targetRecall: 0.9, cutoffs: [10], ...options });
    await expect(tuning).rejects.toEqual(new IndexArgumentError(argument, message));
  });
});

describe('NeighbourSample', () => {
  it('measures 1 where all neighbours are found', async () => {
    expect(await sample.recall(exact, 50)).toEqual({ mean: 1, standardError: 0 });
  });

  it('averages the shares of its queries, with the standard error of the mean', async () => {
    const query = clusteredVectors(1, DIM, 3);
    const found = truth.search(query, 4);
    // Two of the four are found, and what else is found is farther than all that were to be found.
    const others = truth.search(query, 2);
    const wrong = { labels: Int32Array.of(...others.labels, -1, -2), scores: new Float32Array(4).fill(1) };
    const two = new NeighbourSample(Float32Array.of(...query, ...query), DIM, [found, wrong], truth);
    // Shares 1 and 0.5: variance 0.125, of the mean 0.0625.
    expect(await two.recall(exact, 4)).toEqual({ mean: 0.75, standardError: 0.25 });
  });

  it('halves itself into the queries at even and at odd places', () => {
    const neighbours = [1, 2, 3].map((n) => ({ labels: Int32Array.of(n), scores: Float32Array.of(1) }));
    const three = new NeighbourSample(Float32Array.of(1, 2, 3), 1, neighbours, truth);
    const [even, odd] = three.halves();
    expect([even.queries, odd.queries]).toEqual([Float32Array.of(1, 3), Float32Array.of(2)]);
    expect([even.neighbours, odd.neighbours]).toEqual([[neighbours[0], neighbours[2]], [neighbours[1]]]);
    expect(() => odd.halves()).toThrow('The sample has one query, but it takes at least two to halve it.');
  });

  it('counts equal scores as equal', async () => {
    // Three vectors, a hundred copies of each: any ten copies of the first are its ten nearest.
    const copies = Float32Array.from(
      { length: 300 * DIM },
      (_, i) => vectors[Math.floor(i / DIM / 100) * DIM + (i % DIM)],
    );
    const exactCopies = new ExactIndex(copies, DIM, 'l2');
    const ofFirst = NeighbourSample.of(exactCopies, vectors.subarray(0, DIM), 10);
    const finds = (labels: number[]): ConcurrentIndex =>
      new CallerThreadIndex(foundAlways(exactCopies, Int32Array.from(labels)), 1);
    expect(await ofFirst.recall(finds([99, 98, 97, 96, 95, 94, 93, 92, 91, 90]), 10)).toMatchObject({ mean: 1 });
    expect(await ofFirst.recall(finds([99, 98, 97, 96, 95, 100, 101, 102, 200, 201]), 10)).toMatchObject({ mean: 0.5 });
  });

  it('refuses neighbours that are not those of its queries', () => {
    expect(() => new NeighbourSample(new Float32Array(4), 2, [], truth)).toThrow(
      'There are neighbours of 0 queries, but 2 queries of 2 dimensions; give at least one query, and the neighbours of each.',
    );
  });
});
