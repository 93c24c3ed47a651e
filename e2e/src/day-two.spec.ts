import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run, runJson, temporaryFolder } from './cli';
import { recallSchema, trainSchema } from './contract';

const folder = temporaryFolder();
const store = join(folder, 'store');
const small = [
  '--preset=two-layer',
  '--embedding-dim=16',
  '--hidden-dims=16',
  '--batch-size=64',
  '--skip-benchmark',
  '--output',
  store,
];

const changeSchema = z.object({ version: z.string(), promoted: z.boolean().optional() });
const parentsSchema = z.object({ parents: z.array(z.string()) });

/** Events of 60 users with the first `items` items, each user with one half of them. */
function eventsOf(items: number, firstTime: number): string[] {
  return Array.from({ length: 600 }, (_, event) => {
    const user = event % 60;
    const item = ((event * 7 + Math.floor(event / 60) * 13) % (items / 2)) * 2 + (user % 2);
    return `${user},${item},${firstTime + event}`;
  });
}

/** Writes a folder of data; returns the value of `--data`. */
function dataOf(name: string, events: readonly string[]): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'log.csv'), ['user,item,time', ...events, ''].join('\n'));
  writeFileSync(
    join(path, 'dataset.yaml'),
    'interactions: { file: log.csv, user: user, item: item, timestamp: time }\n',
  );
  return `files:${path}`;
}

const dayOne = eventsOf(40, 0);
const newEvents = eventsOf(60, 10_000);
const data = dataOf('day-one', dayOne);

let first: string;
beforeAll(async () => {
  const trained = await runJson(trainSchema, ['train', '--data', data, '--epochs=5', ...small]);
  first = trained.artifact.version;
});

it('continues the current version with new events, and serves items that it did not know', async () => {
  const more = dataOf('day-two', newEvents);
  const args = ['train', '--from', 'current', '--history-from', 'current', '--data', more];
  const continued = await runJson(trainSchema, [...args, '--promote', 'always', '--skip-benchmark', '--output', store]);
  expect(continued.training.epochs).toHaveLength(1);
  expect(continued.dataset).toMatchObject({ users: 60, items: 60, interactions: 1200 });
  const manifest: unknown = JSON.parse(readFileSync(join(continued.artifact.path, 'manifest.json'), 'utf8'));
  expect(parentsSchema.parse(manifest).parents).toEqual([first]);
  const { itemIds, source } = await runJson(recallSchema, [
    'recall',
    '--user',
    '7',
    '--top-k',
    '60',
    '--output',
    store,
  ]);
  expect(source).toBe('model');
  expect(itemIds.some((id) => Number(id) >= 40)).toBe(true);
});

it('names all options that would change the shape of the model', async () => {
  const args = ['train', '--from', first, '--data', data, '--id-dim', '8', '--embedding-dim', '8', '--output', store];
  const { code, stderr } = await run(args);
  expect(code).toBe(1);
  expect(stderr).toContain('model.embeddingDim (16, now 8), model.idDim (64, now 8)');
});

it('ends with 3 and one sentence where a version is published but not promoted, and promotes it when told to', async () => {
  const { code, stderr, stdout } = await run(['train', '--data', data, '--promote', 'never', '--epochs=1', ...small]);
  expect(code).toBe(3);
  expect(stdout).toContain('This version was not promoted because --promote never asks for it.');
  const [, version = ''] =
    /Version (\S+) was published but not promoted because .*models promote \1 --output /.exec(stderr) ?? [];
  expect(version).not.toBe('');
  const promoted = await runJson(changeSchema, ['models', 'promote', version, '--output', store]);
  expect(promoted.version).toBe(version);
});

it('models promote --if-better compares versions on the same data and refuses others', async () => {
  const trained = await run(['train', '--data', data, '--promote', 'always', '--epochs=1', '--json', ...small]);
  const { artifact } = trainSchema.parse(JSON.parse(trained.stdout));
  const promote = (version: string, ...args: string[]) =>
    run(['models', 'promote', version, '--if-better', 'hitRate@100', ...args, '--output', store]);
  // No version is better than itself.
  expect((await promote(artifact.version)).code).toBe(3);
  const other = dataOf('other', newEvents);
  const elsewhere = await run(['train', '--data', other, '--promote', 'never', '--epochs=1', '--json', ...small]);
  const refused = await promote(trainSchema.parse(JSON.parse(elsewhere.stdout)).artifact.version);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('were measured with different data, held-out events');
  expect((await promote(artifact.version, '--by', 'much')).code).toBe(2);
});
