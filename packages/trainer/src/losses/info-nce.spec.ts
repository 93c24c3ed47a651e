import * as tf from '@tensorflow/tfjs-core';
import { RandomStream } from '@vector-recall/random';
import type { Candidates } from '../negatives/candidates';
import { createNegativeStrategy } from '../negatives/strategies';
import { describeBackends } from '../testing/backends';
import { infoNce } from './info-nce';

function lossOf(candidates: Candidates, users: number[][], items: number[][], temperature: number): number {
  const loss = tf.tidy(() => infoNce(candidates, { temperature })(tf.tensor2d(users), tf.tensor2d(items)));
  const [value] = loss.dataSync();
  loss.dispose();
  return value;
}

const users = [
  [1, 0],
  [0, 1],
];

describeBackends('infoNce', () => {
  it('is the value derived by hand: shared columns', () => {
    // Cosines: row 0: 1, 0.6, 0.8; row 1: 0, 0.8, 0.6. Divided by 0.5: 2, 1.2, 1.6 and 0, 1.6, 1.2.
    // Row 0: log(e^2 + e^1.2 + e^1.6) - 2 = log(7.38906 + 3.32012 + 4.95303) - 2 = 0.751252.
    // Row 1: log(e^0 + e^1.6 + e^1.2) - 1.6 = log(1 + 4.95303 + 3.32012) - 1.6 = 0.627146.
    const candidates: Candidates = {
      layout: 'shared',
      items: Int32Array.of(7, 8, 9),
      positives: Int32Array.of(7, 8),
      batch: 2,
      columns: 3,
    };
    const vectors = [
      [1, 0],
      [0.6, 0.8],
      [0.8, 0.6],
    ];
    expect(lossOf(candidates, users, vectors, 0.5)).toBeCloseTo((0.751252 + 0.627146) / 2, 4);
  });

  it('is the value derived by hand: a pool, its correction and an accidental hit', () => {
    // Temperature 0.5. Row 0: its own 2·1, the pool 2·0.6 − log 4 and, left out as its own positive, item 7.
    //   log(e^2 + e^1.2/4) - 2 = log(7.389056 + 0.830029) - 2 = 0.106459.
    // Row 1: its own 2·0.8, the pool 2·0.8 − log 4 and 2·0.6 − log 2:
    //   log(e^1.6 + e^1.6/4 + e^1.2/2) - 1.6 = log(4.953032 + 1.238258 + 1.660058) - 1.6 = 0.460685.
    const candidates: Candidates = {
      layout: 'pool',
      items: Int32Array.of(7, 8, 9, 7),
      positives: Int32Array.of(7, 8),
      batch: 2,
      columns: 3,
      logQ: Float32Array.of(0, 0, Math.log(4), Math.log(2)),
    };
    const vectors = [
      [1, 0],
      [0.6, 0.8],
      [0.6, 0.8],
      [0.8, 0.6],
    ];
    expect(lossOf(candidates, users, vectors, 0.5)).toBeCloseTo((0.106459 + 0.460685) / 2, 4);
  });

  it('is the value derived by hand: correction and accidental hit', () => {
    // Column 2 holds the positive of row 0 once more, so row 0 does not see it.
    // logQ = log 4, log 1, log 4. Row 0: 2 - log 4, 1.2: log(e^2/4 + e^1.2) - (2 - log 4) =
    //   log(1.847264 + 3.320117) - 0.613706 = 1.028661.
    // Row 1: 0 - log 4, 1.6, 1.2 - log 4: log(0.25 + 4.953032 + 0.830029) - 1.6 = 0.197286.
    const candidates: Candidates = {
      layout: 'shared',
      items: Int32Array.of(7, 8, 7),
      positives: Int32Array.of(7, 8),
      batch: 2,
      columns: 3,
      logQ: Float32Array.of(Math.log(4), 0, Math.log(4)),
    };
    const vectors = [
      [1, 0],
      [0.6, 0.8],
      [0.8, 0.6],
    ];
    expect(lossOf(candidates, users, vectors, 0.5)).toBeCloseTo((1.028661 + 0.197286) / 2, 4);
  });

  it('is the value derived by hand: columns of each row', () => {
    // Row 0: positive 1, negatives 0.6 and a second copy of the positive: log(e^1 + e^0.6) - 1 = 0.513015.
    // Row 1: positive 0.8, negatives 0.6 and 0: log(e^0.8 + e^0.6 + 1) - 0.8 = 0.818925.
    const candidates: Candidates = {
      layout: 'per-row',
      items: Int32Array.of(7, 8, 7, 8, 9, 5),
      positives: Int32Array.of(7, 8),
      batch: 2,
      columns: 3,
    };
    const vectors = [
      [1, 0],
      [0.6, 0.8],
      [1, 0],
      [0.6, 0.8],
      [0.8, 0.6],
      [1, 0],
    ];
    expect(lossOf(candidates, users, vectors, 1)).toBeCloseTo((0.513015 + 0.818925) / 2, 4);
  });

  it('leaves absent columns of the catalogue out', () => {
    const candidates: Candidates = {
      layout: 'catalogue',
      items: Int32Array.of(0, 1, 2),
      positives: Int32Array.of(0, 1),
      batch: 2,
      columns: 3,
      absent: Int32Array.of(2),
    };
    const vectors = [
      [1, 0],
      [0.6, 0.8],
      [0.8, 0.6],
    ];
    // Row 0: log(e^2 + e^1.2) - 2 = 0.371101; row 1: log(e^0 + e^1.6) - 1.6 = 0.183901.
    expect(lossOf(candidates, users, vectors, 0.5)).toBeCloseTo((0.371101 + 0.183901) / 2, 4);
  });

  it('is the value derived by hand: the whole catalogue', () => {
    // Items 0, 1, 2 with the cosines of the first case; the positives are items 2 and 0.
    // Row 0: log(e^2 + e^1.2 + e^1.6) - 1.6 = 1.151252. Row 1: log(1 + e^1.6 + e^1.2) - 0 = 2.227146.
    const strategy = createNegativeStrategy(Int32Array.of(1, 0, 1), {
      batchSize: 2,
      negatives: 'full',
      numNegatives: 1,
      sharedPoolSize: 1,
      negativeSamplingPower: 0,
      logQCorrection: true,
    });
    const vectors = [
      [1, 0],
      [0.6, 0.8],
      [0.8, 0.6],
    ];
    const candidates = strategy.candidates(Int32Array.of(2, 0), new RandomStream(1));
    expect(lossOf(candidates, users, vectors, 0.5)).toBeCloseTo((1.151252 + 2.227146) / 2, 4);
  });

  it('recovers the true conditional with logQ, and turns against popular items without it', () => {
    // Two contexts over four items. With one negative drawn by popularity p, the optimum of the loss is
    // s(y) = log P(y | x) with the correction, and log P(y | x) - log p(y) without: the sign decides.
    const conditional = [
      [0.6, 0.2, 0.1, 0.1],
      [0.5, 0.1, 0.3, 0.1],
    ];
    const popularity = [0.55, 0.15, 0.2, 0.1];
    const corrected = learn(conditional, true);
    const uncorrected = learn(conditional, false);
    conditional.forEach((truth, context) => {
      const ratios = truth.map((value, item) => value / popularity[item]);
      const total = ratios.reduce((sum, ratio) => sum + ratio, 0);
      truth.forEach((value, item) => {
        expect(Math.abs(corrected[context][item] - value)).toBeLessThan(0.04);
        expect(Math.abs(uncorrected[context][item] - ratios[item] / total)).toBeLessThan(0.04);
      });
      expect(uncorrected[context][0]).toBeLessThan(truth[0] - 0.1);
    });
  });
});

/** Fits a free score for each context and item, and returns its softmax. */
function learn(conditional: number[][], logQCorrection: boolean): number[][] {
  const itemCount = conditional[0].length;
  const rows = conditional.flatMap((row, context) =>
    row.flatMap((probability, item) => Array.from({ length: Math.round(probability * 120) }, () => [context, item])),
  );
  const positives = Int32Array.from(rows, ([, item]) => item);
  const counts = new Int32Array(itemCount);
  for (const item of positives) counts[item]++;
  const strategy = createNegativeStrategy(counts, {
    batchSize: positives.length,
    negatives: 'sampled',
    numNegatives: 1,
    sharedPoolSize: 1,
    negativeSamplingPower: 1,
    logQCorrection,
  });
  const random = new RandomStream(5);
  const scores = conditional.map((row) => new Float32Array(row.length));
  for (let step = 0; step < 200; step++) {
    const candidates = strategy.candidates(positives, random);
    const gradient = tf.tidy(() => {
      // A score read as a dot product: the context's scores times the item's unit vector.
      const users: tf.Tensor = tf.tensor2d(Float32Array.from(rows.flatMap(([context]) => [...scores[context]])), [
        rows.length,
        itemCount,
      ]);
      const units = tf.oneHot(tf.tensor1d(candidates.items, 'int32'), itemCount);
      const items = tf.reshape<tf.Rank.R2>(tf.cast(units, 'float32'), [candidates.items.length, itemCount]);
      return tf.grad((u) =>
        infoNce(candidates, { temperature: 1 })(tf.reshape<tf.Rank.R2>(u, [rows.length, itemCount]), items),
      )(users);
    });
    const values = gradient.dataSync();
    gradient.dispose();
    const rate = step < 120 ? 4 : 1;
    rows.forEach(([context], row) => {
      for (let item = 0; item < itemCount; item++) scores[context][item] -= rate * values[row * itemCount + item];
    });
  }
  return scores.map((row) => {
    const exponentials = [...row].map(Math.exp);
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    return exponentials.map((value) => value / total);
  });
}
