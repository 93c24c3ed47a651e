import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { configSchema } from '@vector-recall/core-config';
import { loadDataset, splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { Evaluator } from './evaluator';
import { popularityScorer } from './scorers';
import { createTask } from './task';

const folder = process.env.VECTOR_RECALL_MOVIELENS ?? resolve(__dirname, '../../../../../shared/data/ml-latest-small');
const run = existsSync(folder) ? describe : describe.skip;

run('the protocol on ml-latest-small', () => {
  it('gives popularity the figures of an independent implementation', async () => {
    const { data } = configSchema.parse({ data: { source: `movielens:${folder}` } });
    const { interactions } = await loadDataset(data, { seed: 1 });
    const task = createTask(splitLeaveLastOut(interactions), 'test', { maxUsers: 0, random: new RandomStream(1) });
    const evaluator = new Evaluator(task, [10, 20, 100]);
    const metrics = await evaluator.evaluate(popularityScorer(task.counts));
    expect([task.users.length, evaluator.catalogue.length, evaluator.unreachable]).toEqual([610, 9701, 23]);
    expect(metrics['hitRate@10'].toFixed(4)).toBe('0.0426');
    expect(metrics['hitRate@100'].toFixed(3)).toBe('0.187');
  }, 60_000);
});
