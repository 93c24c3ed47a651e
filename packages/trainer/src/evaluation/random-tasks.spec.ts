import type { Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import { Evaluator } from './evaluator';
import { eventTask, userTask } from './random-tasks';
import { popularityScorer } from './scorers';

const all = { maxUsers: 0, random: new RandomStream(1) };

/** User 0: training 0, 1, validation 2, test 3, 4. User 1: training 3, 4, 0, test 1. User 2: training 3. */
const log = logOf(6, [[0, 1, 2, 3, 4], [3, 4, 0, 1], [3]]);
const split: Split = {
  log,
  trainEnd: Int32Array.of(2, 8, 10),
  validationAt: Int32Array.of(2, -1, -1),
  testAt: Int32Array.of(3, 8, -1),
  validation: Int32Array.of(2, -1, -1),
  test: Int32Array.of(3, 1, -1),
  repeats: 'mask',
  notes: [],
  random: { name: 'random-8-1-1', validationEnd: Int32Array.of(3, 8, 10) },
};

it('has an entry for each test event, and histories of training alone', () => {
  const task = userTask(split, all);
  expect([[...task.users], [...task.targets]]).toEqual([
    [0, 0, 1],
    [3, 4, 1],
  ]);
  expect([...task.ends]).toEqual([2, 8, 10]);
  expect([...task.counts]).toEqual([2, 1, 1, 2, 1, 0]);
});

it('judges a user by all test events, without what is known of the user', async () => {
  const task = userTask(split, all);
  const metrics = await new Evaluator(task, [1, 2]).evaluate(popularityScorer(task.counts));
  // User 0 has 0, 1, 2 and is shown 3, then 4: both relevant. User 1 has 0, 3, 4 and of 1 and 2, which tie, either is first.
  expect(metrics['recall@1']).toBeCloseTo((1 / 2 + 1) / 2);
  expect(metrics['recall@2']).toBeCloseTo(1);
  expect(metrics['ndcg@2']).toBeCloseTo(1);
});

it('judges each event by itself, and masks nothing', async () => {
  const task = eventTask(split, all);
  const metrics = await new Evaluator(task, [2, 5]).evaluate(popularityScorer(task.counts));
  // 0 and 3 have two events each and 1, 2, 4 one: of the targets 3, 4 and 1 only 3 is among the first two.
  expect(metrics['hitRate@2']).toBeCloseTo(1 / 3);
  expect(metrics['hitRate@5']).toBeCloseTo(1);
});
