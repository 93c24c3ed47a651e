import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runJson, temporaryFolder } from './cli';
import { recallSchema, trainSchema } from './contract';

const root = process.env['VECTOR_RECALL_TEST_DATA'];
const data = join(root ?? '', 'ml-latest-small');
const describeReal = root !== undefined && existsSync(data) ? describe : describe.skip;
const folder = temporaryFolder();

describeReal('on MovieLens (set VECTOR_RECALL_TEST_DATA to the folder that ml-latest-small is in)', () => {
  it('a short run beats popularity and recommends films by their titles', async () => {
    const args = [
      'train',
      '--data',
      `movielens:${data}`,
      '--preset=recency',
      '--epochs=1',
      '--skip_benchmark',
      '--output',
      folder,
    ];
    const { dataset, evaluation } = await runJson(trainSchema, args);
    expect(dataset).toMatchObject({ users: 610, interactions: 100_836 });
    expect(evaluation.popularity['hitRate@100']).toBeCloseTo(0.187, 3);
    expect(evaluation.model['hitRate@100']).toBeGreaterThan(evaluation.popularity['hitRate@100'] ?? 1);

    const { items } = await runJson(recallSchema, ['recall', '--user', '1', '--top-k', '10', '--output', folder]);
    expect(items).toHaveLength(10);
    for (const { name } of items) expect(name).toMatch(/\(\d{4}\)/);
  });
});
