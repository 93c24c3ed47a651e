import { AliasTable, RandomStream } from '@vector-recall/random';
import { createProposal } from './proposal';
import { createNegativeStrategy, type NegativesConfig } from './strategies';

const counts = Int32Array.of(60, 20, 10, 6, 3, 1, 0, 0);
const config: NegativesConfig = {
  batchSize: 6,
  negatives: 'mixed',
  numNegatives: 3,
  sharedPoolSize: 4,
  negativeSamplingPower: 0,
  logQCorrection: true,
};

describe('createProposal', () => {
  it.each([
    [0, [1 / 8, 1 / 8, 1 / 8]],
    [1, [60 / 102, 20 / 102, 1 / 102]],
    [0.5, [Math.sqrt(60), Math.sqrt(20), 1].map((weight) => weight / weightSum())],
  ])('with power %f has the probabilities of popularity to that power', (power, [first, second, last]) => {
    const proposal = createProposal(counts, power);
    expect(proposal.probability(0)).toBeCloseTo(first, 12);
    expect(proposal.probability(1)).toBeCloseTo(second, 12);
    // Nobody has item 7; it counts as if one had.
    expect(proposal.probability(7)).toBeCloseTo(last, 12);
  });

  function weightSum(): number {
    return [60, 20, 10, 6, 3, 1, 1, 1].reduce((sum, count) => sum + Math.sqrt(count), 0);
  }
});

describe('createNegativeStrategy', () => {
  const positives = Int32Array.of(0, 0, 1, 2, 0, 5);

  it('sampled: gives every positive negatives of its own', () => {
    const strategy = createNegativeStrategy(counts, { ...config, negatives: 'sampled', negativeSamplingPower: 1 });
    const { layout, items, columns, batch, logQ } = strategy.candidates(positives, new RandomStream(1));
    expect([layout, batch, columns, items.length]).toEqual(['per-row', 6, 4, 24]);
    expect(Array.from(positives, (_, row) => items[row * columns])).toEqual([...positives]);
    expect(logQ?.[0]).toBeCloseTo(Math.log(60 / 102), 6);
  });

  it('sampled: has nothing to correct when it draws uniformly', () => {
    const strategy = createNegativeStrategy(counts, { ...config, negatives: 'sampled' });
    expect(strategy.candidates(positives, new RandomStream(1)).logQ).toBeUndefined();
  });

  it('pool: corrects what is drawn for all rows, and not their own positives', () => {
    const strategy = createNegativeStrategy(counts, { ...config, negatives: 'pool', negativeSamplingPower: 1 });
    const { layout, items, columns, batch, logQ } = strategy.candidates(positives, new RandomStream(1));
    expect([layout, batch, columns, items.length]).toEqual(['pool', 6, 5, 10]);
    expect([...items.subarray(0, 6)]).toEqual([...positives]);
    const shares = [60, 20, 10, 6, 3, 1, 1, 1].map((count) => count / 102);
    const drawn = [...items.subarray(6)].map((item) => expect.closeTo(Math.log(4 * shares[item]), 6) as number);
    expect([...(logQ ?? [])]).toEqual([0, 0, 0, 0, 0, 0, ...drawn]);
  });

  it('in-batch: has the positives and nothing else', () => {
    const strategy = createNegativeStrategy(counts, { ...config, negatives: 'in-batch' });
    const { layout, items, columns, logQ } = strategy.candidates(positives, new RandomStream(1));
    expect([layout, columns, [...items]]).toEqual(['shared', 6, [...positives]]);
    expect(logQ?.[2]).toBeCloseTo(Math.log(5 * (20 / 100)), 6);
  });

  it('mixed: corrects by the expected count of an item in batch and pool together', () => {
    const strategy = createNegativeStrategy(counts, config);
    const { items, columns, logQ } = strategy.candidates(positives, new RandomStream(1));
    expect([columns, [...items.subarray(0, 6)]]).toEqual([10, [...positives]]);
    // Item 0: 5 other rows · 0.6 + 4 drawn · 1/8.
    expect(logQ?.[0]).toBeCloseTo(Math.log(5 * 0.6 + 4 / 8), 6);
    // Item 5: 5 · 0.01 + 4/8.
    expect(logQ?.[5]).toBeCloseTo(Math.log(0.05 + 0.5), 6);
  });

  it('full: has every item once, seen or not, and nothing to correct', () => {
    const strategy = createNegativeStrategy(counts, { ...config, negatives: 'full' });
    const { layout, items, columns, batch, logQ } = strategy.candidates(positives, new RandomStream(1));
    expect([layout, batch, columns, [...items], logQ]).toEqual([
      'catalogue',
      6,
      8,
      [0, 1, 2, 3, 4, 5, 6, 7],
      undefined,
    ]);
  });

  it('fills a small batch up to the usual number of columns', () => {
    const strategy = createNegativeStrategy(counts, config);
    const { items, columns, batch } = strategy.candidates(Int32Array.of(3, 4), new RandomStream(1));
    expect([batch, columns, items.length, [...items.subarray(0, 2)]]).toEqual([2, 10, 10, [3, 4]]);
  });

  it('leaves the scores alone when the correction is off', () => {
    for (const negatives of ['sampled', 'in-batch', 'mixed'] as const) {
      const off = { ...config, negatives, negativeSamplingPower: 1, logQCorrection: false };
      expect(createNegativeStrategy(counts, off).candidates(positives, new RandomStream(1)).logQ).toBeUndefined();
    }
  });

  it.each([
    ['in-batch', 0],
    ['mixed', 0],
    ['mixed', 0.5],
  ] as const)(
    '%s, power %f: the corrected columns estimate the sum over the catalogue without bias',
    (negatives, power) => {
      // Every item has been seen here: what nobody has is never in a batch, which an in-batch sum can't make up for.
      const seen = Int32Array.of(60, 20, 10, 6, 3, 1);
      const scores = [0.5, -1, 2, 0, 1.5, -0.5];
      const random = new RandomStream(11);
      const strategy = createNegativeStrategy(seen, { ...config, negatives, negativeSamplingPower: power });
      const events = new AliasTable(seen);
      const trials = 40_000;
      const batch = new Int32Array(6);
      let sum = 0;
      for (let trial = 0; trial < trials; trial++) {
        for (let n = 0; n < batch.length; n++) batch[n] = events.sample(random);
        const { items, logQ } = strategy.candidates(batch, random);
        // Seen from row 0: its own column is the positive, all others are negatives.
        for (let n = 1; n < items.length; n++) sum += Math.exp(scores[items[n]] - (logQ?.[n] ?? 0));
      }
      const catalogue = scores.reduce((total, score) => total + Math.exp(score), 0);
      expect(Math.abs(sum / trials / catalogue - 1)).toBeLessThan(0.02);
    },
  );
});

describe('cold items', () => {
  const cold = Int32Array.of(6, 7);

  it.each(['sampled', 'in-batch', 'mixed'] as const)('are never a negative, %s', (negatives) => {
    const strategy = createNegativeStrategy(
      counts,
      { ...config, negatives, sharedPoolSize: 200, numNegatives: 50 },
      cold,
    );
    const { items, logQ } = strategy.candidates(Int32Array.of(0, 1), new RandomStream(2));
    expect([...items].filter((item) => cold.includes(item))).toEqual([]);
    expect([...(logQ ?? [])].every(Number.isFinite)).toBe(true);
  });

  it('are absent from the softmax over the catalogue', () => {
    const strategy = createNegativeStrategy(counts, { ...config, negatives: 'full' }, cold);
    expect(strategy.candidates(Int32Array.of(0), new RandomStream(2)).absent).toEqual(cold);
  });
});
