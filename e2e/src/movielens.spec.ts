import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runJson, temporaryFolder, workspaceRoot } from './cli';
import { recallSchema, trainSchema } from './contract';

const data = process.env['VECTOR_RECALL_MOVIELENS'] ?? resolve(workspaceRoot, '../shared/data/ml-latest-small');
const folder = temporaryFolder();

(existsSync(join(data, 'ratings.csv')) ? describe : describe.skip)('on MovieLens (ml-latest-small)', () => {
  it('a short run beats popularity and recommends films by their titles', async () => {
    const args = ['train', '--data', `movielens:${data}`, '--epochs=1', '--skip_benchmark', '--output', folder];
    const { dataset, evaluation } = await runJson(trainSchema, args);
    expect(dataset).toMatchObject({ users: 610, interactions: 100_836 });
    expect(evaluation.popularity['hitRate@100']).toBeCloseTo(0.187, 3);
    expect(evaluation.model['hitRate@100']).toBeGreaterThan(evaluation.random['hitRate@100'] ?? 1);

    const { items } = await runJson(recallSchema, ['recall', '--user', '1', '--top-k', '10', '--output', folder]);
    expect(items).toHaveLength(10);
    for (const { name } of items) expect(name).toMatch(/\(\d{4}\)/);
  });
});
