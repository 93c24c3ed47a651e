import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithWandb, readWandbRun } from '../../../../tools/python-libraries/main.cjs';
import { createTrackers } from '../create-trackers';
import { RunTracking } from '../run-tracking';
import type { TrackedEnd } from '../tracker';

const folder = mkdtempSync(join(tmpdir(), 'wandb-'));
const python = pythonWithWandb();
const withLibrary = python === undefined ? it.skip : it;
const readRun = (dir: string): unknown => python && readWandbRun(python, dir);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const offline = { WANDB_MODE: 'offline', PYTHONPATH: python?.path };
const end: TrackedEnd = {
  status: 'finished',
  step: 20,
  params: { 'training.learningRate': '0.01', 'training.preset': 'auto', 'model.hiddenDims': '[256,128]' },
  tags: { 'vector_recall.version': 'v1' },
  metrics: { 'test/model/hitRate@10': 0.25, 'test/model/none': NaN },
  report: '<!doctype html><p>Report</p>',
};

async function track(target: string, env: Record<string, string | undefined>, result = end): Promise<string[]> {
  const warnings: string[] = [];
  const trackers = await createTrackers({ track: target, env });
  const tracking = new RunTracking(trackers, (message) => warnings.push(message));
  tracking.start({ name: 'films', tags: { 'vector_recall.data': 'movielens:films' } });
  tracking.logStep(1, { 'train/loss': 7 });
  tracking.logStep(10, { 'train/loss': 6.5 });
  tracking.logEpoch(10, { 'validation/hit_rate@100': 0.5 });
  tracking.logStep(20, { 'train/loss': 5.5 });
  tracking.logEpoch(20, { 'validation/hit_rate@100': 0.75 });
  tracking.logStep(1, { 'refit/loss': 5.25 });
  tracking.logStep(2, { 'refit/loss': 5 });
  await tracking.end(result);
  return warnings;
}

const place = (name: string): string => mkdtempSync(join(folder, name));

withLibrary('logs steps, epochs, options, test metrics and the report', async () => {
  const dir = place('whole');
  expect(await track('wandb:me/recall', { ...offline, WANDB_DIR: dir })).toEqual([]);
  const run = readRun(dir);
  expect(run).toMatchObject({
    summary: {
      'train/loss': 5.5,
      'refit/loss': 5,
      'validation/hit_rate@100': 0.75,
      'test/model/hitRate@10': 0.25,
    },
  });
  expect(run).toMatchObject({
    project: 'recall',
    entity: 'me',
    name: 'films',
    config: {
      'vector_recall.data': 'movielens:films',
      'vector_recall.version': 'v1',
      'training.learningRate': 0.01,
      'training.preset': 'auto',
      'model.hiddenDims': [256, 128],
    },
    history: [
      { _step: 1, 'train/loss': 7 },
      { _step: 10, 'train/loss': 6.5, 'validation/hit_rate@100': 0.5 },
      // The library puts what has no step of its own into the row that is open.
      { _step: 20, 'train/loss': 5.5, 'validation/hit_rate@100': 0.75, 'refit/loss': 5.25, 'refit/step': 1 },
      { _step: 21, 'refit/loss': 5, 'refit/step': 2 },
      { _step: 22, 'report/_type': 'html-file' },
    ],
    exit: 0,
  });
  const media = join(dir, 'wandb/latest-run/files/media/html');
  const [report = ''] = readdirSync(media);
  expect(readFileSync(join(media, report), 'utf8')).toBe(end.report);
});

withLibrary('says that a run was interrupted', async () => {
  const dir = place('interrupted');
  const result = { status: 'interrupted', step: 20, params: {}, tags: {}, metrics: {} } as const;
  await track('wandb:recall', { ...offline, WANDB_DIR: dir }, result);
  expect(readRun(dir)).toMatchObject({ project: 'recall', exit: 130 });
});

withLibrary('warns once, in the words of the library, where nobody is logged in', async () => {
  const env = { PYTHONPATH: python?.path, HOME: place('home'), WANDB_DIR: place('online'), WANDB_API_KEY: undefined };
  expect(await track('wandb:recall', { ...env, WANDB_MODE: undefined })).toEqual([
    'Weights & Biases no longer gets the figures of this run: No API key configured. Use `wandb login` to log in. ' +
      'The training is not affected.',
  ]);
});

withLibrary('warns once where the process is killed', async () => {
  const dir = place('killed');
  const [noted, pidFile] = [join(dir, 'python'), join(dir, 'pid')];
  writeFileSync(noted, `#!/bin/sh\necho $$ > '${pidFile}'\nexec python3 "$@"\n`);
  chmodSync(noted, 0o755);
  const env = { ...offline, WANDB_DIR: dir, VECTOR_RECALL_PYTHON: noted };
  const warnings: string[] = [];
  const trackers = await createTrackers({ track: 'wandb:recall', env });
  const tracking = new RunTracking(trackers, (message) => warnings.push(message));
  tracking.start({ name: 'films', tags: {} });
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  tracking.logEpoch(1, { 'epoch/loss': 1 });
  tracking.logEpoch(2, { 'epoch/loss': 1 });
  await tracking.end(end);
  expect(warnings).toEqual([
    'Weights & Biases no longer gets the figures of this run: its Python process ended or does not answer. ' +
      'The training is not affected.',
  ]);
});

it('says what to do where the interpreter is missing', async () => {
  const failed = createTrackers({ track: 'wandb:recall', env: { VECTOR_RECALL_PYTHON: 'no-such-python' } });
  await expect(failed).rejects.toMatchObject({ code: 'TRACKING_LIBRARY', python: 'no-such-python' });
  await expect(failed).rejects.toThrow(
    '--track wandb calls the Python library wandb, but no-such-python does not start. ' +
      'Install Python 3 and wandb, or set VECTOR_RECALL_PYTHON to an interpreter that has wandb.',
  );
});

it('says what to do where the library is missing', async () => {
  // An interpreter of an environment that has nothing installed.
  const bare = join(place('bare'), 'python');
  writeFileSync(bare, '#!/bin/sh\nexec python3 -I -S "$@"\n');
  chmodSync(bare, 0o755);
  const failed = createTrackers({ track: 'wandb:recall', env: { VECTOR_RECALL_PYTHON: bare } });
  await expect(failed).rejects.toThrow(
    `--track wandb calls the Python library wandb, but ${bare} can't load it ` +
      `(ModuleNotFoundError: No module named 'wandb'). Run "${bare} -m pip install wandb", ` +
      'or set VECTOR_RECALL_PYTHON to an interpreter that has wandb.',
  );
});

it.each(['wandb', 'wandb:', 'wandb:me/', 'wandb:a/b/c', 'wandb:a b'])('refuses %s', async (target) => {
  await expect(createTrackers({ track: target })).rejects.toThrow(
    `--track is "${target}", but it must be wandb:PROJECT or wandb:ENTITY/PROJECT, such as wandb:films.`,
  );
});
