import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { run, runJson, temporaryFolder, tinyWorld } from './cli';
import { trainSchema } from './contract';

const folder = temporaryFolder();
const trials = join(folder, 'trials.jsonl');
const world = [...tinyWorld.filter((flag) => flag !== '--skip_benchmark'), '--epochs=2', '--output', folder];
const search = ['tune-model', ...world, '--trials', trials];

const record = z.object({ trial: z.int(), epochs: z.int(), values: z.record(z.string(), z.unknown()) });
const tuningSchema = z.object({ bestFile: z.string(), trials: z.array(record), best: record });

it('searches within its budget, goes on where it stopped, and writes options that train takes', async () => {
  const first = await runJson(tuningSchema, [...search, '--budget', '0.05']);
  expect(first.trials[0]).toMatchObject({ trial: 0, epochs: 1, values: {} });
  const again = await runJson(tuningSchema, [...search, '--budget', '0.05']);
  expect(again.trials.slice(0, first.trials.length)).toEqual(first.trials);

  const { training } = z
    .object({ training: z.looseObject({ learningRate: z.number() }) })
    .parse(JSON.parse(readFileSync(again.bestFile, 'utf8')));
  expect(training.learningRate).toBe(again.best.values['training.learningRate'] ?? 0.001);
  const rest = ['--epochs=1', '--skip_benchmark', '--output', join(folder, 'store')];
  const trained = await runJson(trainSchema, ['train', '--config', again.bestFile, ...rest]);
  expect(trained.dataset).toMatchObject({ users: 200, items: 1000 });

  const { code, stderr } = await run([...search, '--seed=7', '--budget', '0.05']);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
    /is of a search in which .* was .*, and now it is .*; give the options/,
  );
  expect(code).toBe(1);
});

it('refuses a budget that is none', async () => {
  const { code, stderr } = await run(['tune-model', '--budget', 'long']);
  expect(stderr).toBe(
    'vector-recall: --budget is "long", but it must be a time above 0 and at most 10000 minutes, as in 90s, 30m or 2h; ' +
      'a bare number is minutes.\n',
  );
  expect(code).toBe(2);
});
