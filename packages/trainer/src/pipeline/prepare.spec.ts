import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { configSchema } from '@vector-recall/core-config';
import { TrainingDataError } from '../errors';
import { loadSplit } from './prepare';
import { Stages } from './stages';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepare-spec-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('refuses a log of one item before anything is trained', async () => {
  const rows = Array.from({ length: 12 }, (_, n) => `${n % 4},7,${n}`);
  await writeFile(join(folder, 'log.csv'), ['user,item,time', ...rows, ''].join('\n'));
  await writeFile(
    join(folder, 'dataset.yaml'),
    'interactions: { file: log.csv, user: user, item: item, timestamp: time }',
  );
  const config = configSchema.parse({ data: { source: `files:${folder}` } });
  await expect(loadSplit(config, new Stages(undefined, undefined))).rejects.toThrow(
    new TrainingDataError(
      `All events of ${basename(folder)} are of one item; a model needs at least 2 items to choose between. Bring a log of more items.`,
    ),
  );
});
