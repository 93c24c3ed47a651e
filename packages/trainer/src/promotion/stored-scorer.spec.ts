import type { Dataset } from '@vector-recall/datasets';
import type { Catalogue } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { Evaluator } from '../evaluation/evaluator';
import { modelScorer } from '../evaluation/model-scorer';
import { createTask, type EvaluationTask } from '../evaluation/task';
import { describeBackends } from '../testing/backends';
import { idsOf, range } from '../testing/ids';
import { logOf } from '../testing/logs';
import { toyInputs, toyModel, toySplit } from '../testing/toy-world';
import { storedScorer } from './stored-scorer';

const everyone = { maxUsers: 0, random: new RandomStream(0) };

const catalogue: Catalogue = {
  userIds: idsOf(range(toyInputs.users.count)),
  itemIds: idsOf(range(toyInputs.items.count)),
  history: { offsets: new Int32Array(1), items: new Int32Array(0) },
};

function dataWith(userIds: number[], itemIds: number[]): Pick<Dataset, 'users' | 'items'> {
  return { users: { vocabulary: idsOf(userIds), fields: [] }, items: { vocabulary: idsOf(itemIds), fields: [] } };
}

function ranksOf(task: EvaluationTask, scorer: Parameters<Evaluator['evaluate']>[0]): Promise<number[]> {
  const ranks: number[] = [];
  const onRanks = (ofUser: readonly number[]): void => {
    ranks.push(...ofUser);
  };
  return new Evaluator(task, [100]).evaluate(scorer, { onRanks }).then(() => ranks);
}

describeBackends('storedScorer', () => {
  const split = toySplit();
  const task = createTask(split, 'test', everyone);

  it('ranks as the model does where users and items are the same', async () => {
    const model = toyModel();
    const data = dataWith(range(toyInputs.users.count), range(toyInputs.items.count));
    const stored = await ranksOf(task, storedScorer({ model, catalogue }, data, task));
    expect(stored).toEqual(await ranksOf(task, modelScorer(model, task)));
  });

  it('finds users and items by id where their rows differ, and cannot find an item that is new', async () => {
    const model = toyModel();
    // The same log, its items in the opposite order behind one that the model does not know.
    const count = toyInputs.items.count;
    const itemIds = [9999, ...range(count).reverse()];
    const histories = Array.from({ length: split.log.userCount }, (_, user) =>
      [...split.log.items.subarray(split.log.offsets[user], split.log.offsets[user + 1])].map((item) => count - item),
    );
    histories[0][histories[0].length - 1] = 0;
    const log = logOf(count + 1, histories);
    const ends = task.ends;
    const moved: EvaluationTask = {
      log,
      users: task.users,
      targets: task.users.map((user) => log.items[ends[user]]),
      ends,
      counts: Int32Array.from({ length: count + 1 }, (_, item) => (item === 0 ? 1 : task.counts[count - item])),
    };
    const data = dataWith(range(toyInputs.users.count), itemIds);
    const ranks = await ranksOf(moved, storedScorer({ model, catalogue }, data, moved));
    const expected = await ranksOf(task, modelScorer(model, task));
    expect(ranks[0]).toBe(Infinity);
    expect(ranks.slice(1)).toEqual(expected.slice(1));
  });
});
