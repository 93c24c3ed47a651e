import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import { Evaluator } from './evaluator';
import type { Scorer } from './scorer';
import { popularityScorer, randomScorer, truthScorer } from './scorers';
import { createTask } from './task';

const split = splitLeaveLastOut(
  logOf(8, [
    [0, 1, 2, 3],
    [1, 2, 0, 7],
    [0, 1, 5, 2],
    [4, 0],
  ]),
);
const all = { maxUsers: 0, random: new RandomStream(1) };

function evaluatorFor(part: 'validation' | 'test', cutoffs = [1, 2]): Evaluator {
  return new Evaluator(createTask(split, part, all), cutoffs);
}

describe('Evaluator', () => {
  it('ranks what occurs before the held-out event and counts a target outside of that as a miss', async () => {
    const evaluator = evaluatorFor('test');
    // Before the last events: items 0, 1, 2, 5, 4. Targets: 3 and 7 occur nowhere else, 2 does.
    expect([...evaluator.catalogue]).toEqual([0, 1, 2, 4, 5]);
    expect(evaluator.unreachable).toBe(2);
    // Users 0 and 1 can't be hit. User 2 has 0, 1 and 5; of 2 (twice) and 4 (once), 2 is first.
    const metrics = await evaluator.evaluate(popularityScorer(evaluator.task.counts));
    expect(metrics['hitRate@1']).toBeCloseTo(1 / 3);
    expect(metrics.mrr).toBeCloseTo(1 / 3);
  });

  it('holds the validation event back at validation, and masks it at the test', () => {
    expect([...createTask(split, 'validation', all).counts]).toEqual([3, 3, 1, 0, 1, 0, 0, 0]);
    expect([...createTask(split, 'test', all).counts]).toEqual([4, 3, 2, 0, 1, 1, 0, 0]);
    expect([...createTask(split, 'validation', all).targets]).toEqual([2, 0, 5]);
  });

  it('shows no one what they have', async () => {
    const shown: number[][] = [];
    const watcher: Scorer = {
      name: 'watcher',
      score(users, columns, out) {
        for (const user of users) shown.push([user]);
        out.fill(1);
        expect(columns).toHaveLength(5);
      },
    };
    const metrics = await evaluatorFor('test', [5]).evaluate(watcher);
    expect(shown).toEqual([[0], [1], [2]]);
    // Users 0 and 1 have 0, 1, 2 and are shown 4 and 5; user 2 has 0, 1, 5 and is shown 2 and 4.
    expect(metrics['coverage@5']).toBeCloseTo(3 / 5);
  });

  it('gives a truth that knows the target the first place', async () => {
    const truth = {
      scoreItems: (_user: number, out: Float32Array) => {
        out.forEach((__, item) => (out[item] = item === 2 ? 1 : 0));
      },
    };
    const metrics = await evaluatorFor('test').evaluate(truthScorer(truth, 8));
    expect(metrics['hitRate@1']).toBeCloseTo(1 / 3);
  });

  it('draws a sample of users that the stream decides', () => {
    const draw = (seed: number) =>
      [...createTask(split, 'test', { maxUsers: 2, random: new RandomStream(seed) }).users].join();
    expect(draw(5)).toBe(draw(5));
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(draw)).size).toBeGreaterThan(1);
  });

  it('stops between blocks when it is aborted', async () => {
    const evaluator = evaluatorFor('test');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(evaluator.evaluate(popularityScorer(evaluator.task.counts), { signal })).rejects.toThrow('enough');
  });
});

describe('randomScorer', () => {
  it('hits as often as chance', async () => {
    const random = new RandomStream(9);
    const histories = Array.from({ length: 3000 }, () => {
      const items = Int32Array.from({ length: 50 }, (_, item) => item);
      random.shuffle(items);
      return [...items.subarray(0, 12)];
    });
    const task = createTask(splitLeaveLastOut(logOf(50, histories)), 'test', all);
    const metrics = await new Evaluator(task, [10]).evaluate(randomScorer(random));
    // 11 of 50 are masked: 10 of 39 is 0.256, with a standard error of 0.008.
    expect(metrics['hitRate@10']).toBeGreaterThan(0.23);
    expect(metrics['hitRate@10']).toBeLessThan(0.285);
  });
});
