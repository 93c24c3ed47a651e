import * as tf from '@tensorflow/tfjs-core';
import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { describeBackends } from '../../testing/backends';
import { logOf } from '../../testing/logs';
import { createTask, type EvaluationTask } from '../task';
import { chooseLambda, LAMBDAS } from './choose-lambda';
import { easeScorer, fitEase } from './ease';
import { negateInverse } from './symmetric-inverse';

const all = { maxUsers: 0, random: new RandomStream(1) };

function randomLog(users: number, items: number) {
  const random = new RandomStream(8);
  return logOf(
    items,
    Array.from({ length: users }, () => Array.from({ length: 4 + random.integer(9) }, () => random.integer(items))),
  );
}

/** By Gauss-Jordan elimination in double precision. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, n) => [...row, ...row.map((_, m) => Number(n === m))]);
  for (let k = 0; k < size; k++) {
    const pivot = rows[k][k];
    rows[k] = rows[k].map((value) => value / pivot);
    for (let n = 0; n < size; n++) {
      const factor = rows[n][k];
      if (n !== k) rows[n] = rows[n].map((value, m) => value - factor * rows[k][m]);
    }
  }
  return rows.map((row) => row.slice(size));
}

describeBackends('EASE^R', () => {
  it('inverts a matrix of several tiles', async () => {
    const size = 7;
    const random = new RandomStream(3);
    const factor = Array.from({ length: size }, () => Array.from({ length: size }, () => random.uniform() - 0.5));
    const matrix = factor.map((a, n) =>
      factor.map((b, m) => a.reduce((sum, value, k) => sum + value * b[k], 0) + Number(n === m)),
    );
    const cuts = [0, 3, 6, 7];
    const tiles = cuts
      .slice(1)
      .map((_, i) =>
        cuts
          .slice(1, i + 2)
          .map((__, j) =>
            tf.tensor2d(matrix.slice(cuts[i], cuts[i + 1]).map((row) => row.slice(cuts[j], cuts[j + 1]))),
          ),
      );
    const before = tf.memory().numTensors;
    await negateInverse(tiles);
    expect(tf.memory().numTensors).toBe(before);
    const expected = inverseOf(matrix);
    tiles.forEach((row, i) => {
      row.forEach((tile, j) => {
        tile.arraySync().forEach((values, a) => {
          values.forEach((value, b) => {
            expect(value).toBeCloseTo(-expected[cuts[i] + a][cuts[j] + b], 4);
          });
        });
      });
    });
    tf.dispose(tiles);
  });

  it('has the weights of the closed form, across tiles, and keeps no tensor', async () => {
    const log = randomLog(900, 600);
    const task: EvaluationTask = {
      ...createTask(splitLeaveLastOut(log), 'test', all),
      ends: log.offsets.slice(1),
      counts: new Int32Array(600).fill(1),
    };
    const items = Int32Array.from({ length: 600 }, (_, item) => item);
    const before = tf.memory().numTensors;
    const { values } = await fitEase(task, items, 5);
    expect(tf.memory().numTensors).toBe(before);
    const has = Array.from(
      { length: 900 },
      (_, user) => new Set(log.items.subarray(log.offsets[user], task.ends[user])),
    );
    const gram = Array.from(items, (a) => Array.from(items, (b) => 5 * Number(a === b)));
    for (const own of has) for (const a of own) for (const b of own) gram[a][b]++;
    // (XᵀX + λI)(I − B) is a diagonal, since B = I − P·diag(1/P_jj). The columns are at the edges of tiles and between.
    for (const column of [0, 255, 511, 512, 599]) {
      expect(values[column * 600 + column]).toBe(0);
      let worst = 0;
      for (let n = 0; n < 600; n++) {
        if (n === column) continue;
        const product = gram[n].reduce(
          (sum, value, k) => sum + value * (Number(k === column) - values[k * 600 + column]),
          0,
        );
        worst = Math.max(worst, Math.abs(product));
      }
      expect(worst).toBeLessThan(1e-4);
    }
  });

  it('scores by the sum of the rows that the user has, in the columns that are asked for', () => {
    const log = logOf(5, [
      [0, 1, 2, 3],
      [1, 3, 4, 0],
    ]);
    const task = createTask(splitLeaveLastOut(log), 'test', all);
    const weights = { lambda: 1, items: Int32Array.of(0, 1, 3), values: Float32Array.of(0, 1, 2, 3, 0, 4, 5, 6, 0) };
    const scorer = easeScorer(task, weights);
    const score = (columns: Int32Array) => {
      const out = new Float32Array(2 * columns.length).fill(7);
      scorer.prepare?.(columns);
      scorer.score(task.users, columns, out);
      return [...out];
    };
    // Known are 0, 1, 2 of the first user and 1, 3, 4 of the second; 2 and 4 were not fitted.
    expect(score(Int32Array.of(0, 1, 3))).toEqual([3, 1, 6, 8, 6, 4]);
    expect(score(Int32Array.of(3, 2, 1))).toEqual([6, 0, 1, 4, 0, 6]);
  });

  it('chooses λ by validation events alone', async () => {
    const histories = Array.from({ length: 40 }, (_, user) => [user % 7, (user + 1) % 7, (user + 2) % 7, 7, user % 5]);
    const split = splitLeaveLastOut(logOf(8, histories));
    const lambda = await chooseLambda(split, new RandomStream(1));
    expect(LAMBDAS).toContain(lambda);
    const changed = { ...split, test: split.test.map(() => 3), testAt: split.testAt.slice() };
    expect(await chooseLambda(changed, new RandomStream(1))).toBe(lambda);
  });

  it('stops between two pivots when it is aborted', async () => {
    const log = randomLog(50, 40);
    const known = { log, ends: log.offsets.slice(1) };
    const before = tf.memory().numTensors;
    const fit = fitEase(known, Int32Array.of(1, 2, 3), 5, { signal: AbortSignal.abort(new Error('enough')) });
    await expect(fit).rejects.toThrow('enough');
    expect(tf.memory().numTensors).toBe(before);
  });
});
