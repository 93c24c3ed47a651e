import { RandomStream } from '@vector-recall/random';
import { logOf } from '../../testing/logs';
import type { EvaluationTask } from '../task';
import { itemKnnScorer } from './item-knn';

/** Every user is ranked by all of their events. */
function taskOf(itemCount: number, histories: readonly (readonly number[])[]): EvaluationTask {
  const log = logOf(itemCount, histories);
  return {
    log,
    users: Int32Array.from(histories.keys()),
    targets: new Int32Array(histories.length),
    ends: log.offsets.slice(1),
    counts: new Int32Array(itemCount).fill(1),
  };
}

function scoresOf(task: EvaluationTask, columns: readonly number[], known = task): number[][] {
  const scorer = itemKnnScorer(task, known);
  const catalogue = Int32Array.from(columns);
  const out = new Float32Array(task.users.length * columns.length).fill(9);
  scorer.prepare?.(catalogue);
  scorer.score(task.users, catalogue, out);
  scorer.dispose?.();
  return Array.from(task.users, (_, n) => [...out.subarray(n * columns.length, (n + 1) * columns.length)]);
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6) as number);

describe('itemKnnScorer', () => {
  it('sums the cosines of an item to those of the user, and none to itself', () => {
    // Users of item 0: {0, 1, 2}; of 1: {0, 1}; of 2: {0, 2}; of 3: {2}.
    // cos(0,1) = 2/√6, cos(0,2) = 2/√6, cos(0,3) = 1/√3, cos(1,2) = 1/2, cos(2,3) = 1/√2.
    const task = taskOf(5, [
      [0, 1, 2],
      [1, 0],
      [0, 2, 3],
    ]);
    const high = 2 / Math.sqrt(6);
    const [first, second] = scoresOf(task, [0, 1, 2, 3, 4]);
    expect(first).toEqual(close([2 * high, high + 0.5, high + 0.5, 1 / Math.sqrt(3) + 1 / Math.sqrt(2), 0]));
    expect(second).toEqual(close([high, high, high + 0.5, 1 / Math.sqrt(3), 0]));
  });

  it('counts an item once for a user who has it several times', () => {
    const once = taskOf(3, [
      [0, 1],
      [0, 2],
    ]);
    const often = taskOf(3, [
      [0, 1, 0, 1, 1],
      [0, 0, 2],
    ]);
    expect(scoresOf(often, [0, 1, 2])).toEqual(scoresOf(once, [0, 1, 2]));
  });

  it('fills the columns it is asked for, in their order', () => {
    const task = taskOf(5, [
      [0, 1, 2],
      [1, 0],
      [0, 2, 3],
    ]);
    const [all] = scoresOf(task, [0, 1, 2, 3, 4]);
    const [some] = scoresOf(task, [3, 1]);
    expect(some).toEqual([all[3], all[1]]);
  });

  it('learns from other events than those it reads where they are given', () => {
    const known = taskOf(3, [
      [0, 1],
      [0, 1],
    ]);
    const stranger = taskOf(3, [[2], [0]]);
    const scores = scoresOf(stranger, [0, 1, 2], known);
    expect(scores).toEqual([close([0, 0, 0]), close([0, 1, 0])]);
  });

  it('is told the newest events of strangers alone', () => {
    const task = taskOf(4, [
      [0, 1, 2, 3],
      [0, 1],
      [2, 1],
      [3, 1],
    ]);
    const told = { ...task, users: Int32Array.of(0), strangers: { events: 2 } };
    const asked = { ...task, ...logHolder([[2, 3]]) };
    expect(scoresOf(told, [0, 1, 2, 3])).toEqual(scoresOf(asked, [0, 1, 2, 3], task));
  });

  it('agrees with the product of matrices on random logs', () => {
    const random = new RandomStream(4);
    const histories = Array.from({ length: 30 }, () =>
      Array.from({ length: 1 + random.integer(8) }, () => random.integer(12)),
    );
    const has = (user: number, item: number) => Number(histories[user].includes(item));
    const shared = (a: number, b: number) => histories.reduce((sum, _, user) => sum + has(user, a) * has(user, b), 0);
    const cosine = (a: number, b: number) =>
      a === b || shared(a, b) === 0 ? 0 : shared(a, b) / Math.sqrt(shared(a, a) * shared(b, b));
    const columns = Array.from({ length: 12 }, (_, item) => item);
    const expected = histories.map((_, user) =>
      close(columns.map((item) => columns.reduce((sum, own) => sum + has(user, own) * cosine(own, item), 0))),
    );
    expect(scoresOf(taskOf(12, histories), columns)).toEqual(expected);
  });
});

function logHolder(histories: readonly (readonly number[])[]): Pick<EvaluationTask, 'log' | 'users' | 'ends'> {
  const { log, users, ends } = taskOf(4, histories);
  return { log, users, ends };
}
