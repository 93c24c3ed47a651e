import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '@vector-recall/core-config';
import { loadDataset, splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { selectBackend } from '@vector-recall/towers';
import { Evaluator } from './evaluator';
import type { Scorer } from './scorer';
import { popularityScorer } from './scorers';
import { createTask } from './task';
import { easeScorer, fitEase } from './yardsticks/ease';
import { itemKnnScorer } from './yardsticks/item-knn';

/** The figures of an independent implementation in NumPy under the same protocol, EASE^R with a λ of 200. */
const logs = [
  {
    name: 'ml-latest-small',
    source: (folder: string) => `movielens:${folder}`,
    sizes: [610, 9701, 23],
    figures: {
      popularity: ['0.0426', '0.0194', '0.1869', '0.0466'],
      'item-kNN': ['0.0574', '0.0261', '0.2705', '0.0672'],
      'EASE^R': ['0.0885', '0.0400', '0.3918', '0.0985'],
    },
  },
];
const names = ['hitRate@10', 'ndcg@10', 'hitRate@100', 'ndcg@100'];

describe.each(logs)('$name in the folder that VECTOR_RECALL_TEST_DATA names', ({ name, source, sizes, figures }) => {
  const root = process.env.VECTOR_RECALL_TEST_DATA;
  const folder = join(root ?? '', name);
  const test = root !== undefined && existsSync(folder) ? it : it.skip;

  test('gives the yardsticks the figures of an independent implementation', async () => {
    await selectBackend('auto');
    const { data } = configSchema.parse({ data: { source: source(folder) } });
    const { interactions } = await loadDataset(data, { seed: 1 });
    const task = createTask(splitLeaveLastOut(interactions), 'test', { maxUsers: 0, random: new RandomStream(1) });
    const evaluator = new Evaluator(task, [10, 100]);
    expect([task.users.length, evaluator.catalogue.length, evaluator.unreachable]).toEqual(sizes);
    const measure = async (scorer: Scorer) => {
      const metrics = await evaluator.evaluate(scorer);
      return [scorer.name, names.map((metric) => metrics[metric].toFixed(4))];
    };
    const ease = await fitEase(task, evaluator.catalogue, 200);
    const measured = [
      await measure(popularityScorer(task.counts)),
      await measure(itemKnnScorer(task)),
      await measure(easeScorer(task, ease)),
    ];
    expect(Object.fromEntries(measured)).toEqual(figures);
  });
});
