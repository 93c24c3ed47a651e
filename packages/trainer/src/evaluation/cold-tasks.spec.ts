import { holdOutCold, splitLeaveLastOut, type Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import { coldItemTask, coldUserTask, STRANGER_EVENTS } from './cold-tasks';
import { Evaluator } from './evaluator';
import type { Scorer } from './scorer';

const all = { maxUsers: 0, random: new RandomStream(1) };
const log = logOf(9, [
  [0, 1, 2, 3],
  [1, 2, 0, 7, 4, 3],
  [0, 8, 5, 2],
  [8, 4, 0, 1],
]);

/** User 1 and item 8 are cold. */
function coldSplit(): Split {
  const kept = logOf(9, [
    [0, 1, 2, 3],
    [1, 2, 0, 7, 4, 3],
    [0, 5, 2],
    [4, 0, 1],
  ]);
  const split = splitLeaveLastOut(kept);
  split.trainEnd[1] = kept.offsets[1];
  const testAt = Int32Array.of(split.testAt[1]);
  for (const held of [split.validationAt, split.testAt, split.validation, split.test]) held[1] = -1;
  const itemTestAt = Int32Array.of(-1, -1, 11, -1);
  return { ...split, cold: { users: Int32Array.of(1), testAt, items: Int32Array.of(8), log, itemTestAt } };
}

describe('coldUserTask', () => {
  it('asks for the last event of those who were held out, as strangers with three events', () => {
    const split = coldSplit();
    const task = coldUserTask(split, all);
    expect(task).toMatchObject({
      users: Int32Array.of(1),
      targets: Int32Array.of(3),
      strangers: { events: STRANGER_EVENTS },
    });
    expect(task?.ends[1]).toBe(split.log.offsets[2] - 1);
    // What the cold user did is no part of what is known of items: 3 is another's test event, 7 is theirs alone.
    expect([task?.counts[3], task?.counts[7]]).toEqual([0, 0]);
  });

  it('masks all that they have, also what the catalogue lacks', async () => {
    const task = coldUserTask(coldSplit(), all);
    if (task === undefined) throw new Error('There is a cold user.');
    const evaluator = new Evaluator(task, [9]);
    // Known before the held-out events: 0, 1, 2 of user 0; 0, 5 of user 2; 4, 0 of user 3. User 1 has 0, 1, 2, 4 of them.
    expect([...evaluator.catalogue]).toEqual([0, 1, 2, 4, 5]);
    const flat: Scorer = { name: 'flat', score: (_users, _columns, out) => void out.fill(1) };
    expect((await evaluator.evaluate(flat))['coverage@9']).toBeCloseTo(1 / 5);
  });
});

describe('coldItemTask', () => {
  it('asks for the last event with a cold item that has a past, and ranks cold items among all', () => {
    const task = coldItemTask(coldSplit(), all);
    // User 2 has item 8 after item 0; user 3 begins with it, and has nothing that it could be told by.
    expect(task).toMatchObject({ users: Int32Array.of(2), targets: Int32Array.of(8) });
    if (task === undefined) throw new Error('There is a cold item.');
    const evaluator = new Evaluator(task, [9]);
    expect(evaluator.unreachable).toBe(0);
    expect([...evaluator.catalogue]).toEqual([0, 1, 2, 4, 5, 8]);
  });

  it('is absent where no user has an event to judge by', () => {
    const split = coldSplit();
    if (split.cold === undefined) throw new Error('The split has cold rows.');
    const cold = { ...split.cold, itemTestAt: new Int32Array(4).fill(-1) };
    expect(coldItemTask({ ...split, cold }, all)).toBeUndefined();
  });
});

it('has no cold tasks where nothing is held out', () => {
  const split = holdOutCold(log, { users: 0, items: 0 }, 1);
  expect([coldUserTask(split, all), coldItemTask(split, all)]).toEqual([undefined, undefined]);
});
