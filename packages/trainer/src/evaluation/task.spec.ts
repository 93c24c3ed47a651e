import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import { Evaluator } from './evaluator';
import { popularityScorer } from './scorers';
import { createTask } from './task';

const all = { maxUsers: 0, random: new RandomStream(1) };

/** The test event of user 0 repeats item 0; that of user 1 is new. */
const log = logOf(6, [
  [0, 1, 2, 0],
  [3, 4, 1, 5, 2],
]);

describe('createTask', () => {
  it('knows of each user what came before the held-out event', () => {
    const split = splitLeaveLastOut(log, 'drop');
    // First events of user 0 are 0, 1, 2: 2 is the test target, and the repeat of 0 after it is known to nobody.
    const test = createTask(split, 'test', all);
    expect([[...test.targets], [...test.ends]]).toEqual([
      [2, 2],
      [2, 8],
    ]);
    const validation = createTask(split, 'validation', all);
    expect([[...validation.targets], [...validation.ends]]).toEqual([
      [1, 5],
      [1, 7],
    ]);
  });

  it('masks nothing where repeats are ranked', async () => {
    const task = createTask(splitLeaveLastOut(log, 'rank'), 'test', all);
    const metrics = await new Evaluator(task, [6]).evaluate(popularityScorer(task.counts));
    expect([[...task.targets], metrics['hitRate@6']]).toEqual([[0, 2], 1]);
  });

  it('sets users aside whose target is masked, and counts them', () => {
    const task = createTask(splitLeaveLastOut(log, 'mask'), 'test', all);
    expect([[...task.users], task.repeated]).toEqual([[1], 1]);
  });

  it('refuses a log in which all targets are masked', () => {
    expect(() => createTask(splitLeaveLastOut(logOf(2, [[0, 0, 0, 0]]), 'mask'), 'test', all)).toThrow(
      'Each test event repeats an item that the user already has, and those are masked; use --repeats rank.',
    );
  });

  it('masks only items of the target type', async () => {
    const viewThenBuy = { names: ['view', 'buy'], values: Uint8Array.of(1, 1, 0, 1, 0, 1, 1, 0, 1), target: 1 };
    const split = splitLeaveLastOut({ ...logOf(6, [[0, 1, 2, 2], [3, 4, 1, 5, 5]]), types: viewThenBuy }); // prettier-ignore
    const task = createTask(split, 'test', all);
    expect([...task.targets]).toEqual([2, 5]);
    const metrics = await new Evaluator(task, [6]).evaluate(popularityScorer(task.counts));
    expect(metrics['hitRate@6']).toBe(1);
  });
});
