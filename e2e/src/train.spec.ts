import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { pythonWithWandb, readWandbRun } from '../../tools/python-libraries/main.cjs';
import { run, runJson, temporaryFolder, tinyWorld } from './cli';
import { benchmarkSchema, doctorSchema, evaluationSchema, indexSchema, recallSchema, trainSchema } from './contract';

const wandbSchema = z.object({
  config: z.record(z.string(), z.unknown()),
  history: z.array(z.record(z.string(), z.unknown())),
  summary: z.record(z.string(), z.unknown()),
});
const python = pythonWithWandb();
const folder = temporaryFolder();
const store = join(folder, 'store');

type TrainJson = z.output<typeof trainSchema>;
let trained: TrainJson;

beforeAll(async () => {
  trained = await runJson(trainSchema, ['train', ...tinyWorld, '--epochs=2', '--output', store]);
});

describe('train', () => {
  it('publishes an artifact with everything that serving needs', () => {
    expect(existsSync(join(store, 'current', 'manifest.json'))).toBe(true);
    for (const file of ['manifest.json', 'towers.safetensors', 'items.npy', 'users.npy', 'hnsw.bin', 'report.html']) {
      expect([file, existsSync(join(trained.artifact.path, file))]).toEqual([file, true]);
    }
  });

  it('reports the epochs, the yardsticks and the planted ceiling', () => {
    expect(trained.training.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(trained.dataset).toMatchObject({ users: 200, items: 1000 });
    expect(trained.index).toMatchObject({ dim: 32, items: 1000 });
    expect(trained.evaluation.truth?.['hitRate@100']).toBeGreaterThan(trained.evaluation.random['hitRate@100'] ?? 1);
    expect(trained.demo.items).toHaveLength(20);
  });

  it('leaves out the benchmark when told so', () => {
    expect(trained.benchmark).toBeUndefined();
  });

  it('writes a report that a browser can open without a network', () => {
    const page = readFileSync(join(trained.artifact.path, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('<svg');
    expect(page.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/https?:/);
  });

  it('does the whole job on WASM, and logs it to Weights & Biases', async () => {
    const args = ['train', ...tinyWorld, '--epochs', '1', '--output', join(folder, 'wasm'), '--backend', 'wasm'];
    const track = python === undefined ? [] : ['--track', 'wandb:recall'];
    const env = { PYTHONPATH: python?.path ?? '', WANDB_MODE: 'offline', WANDB_DIR: folder };
    const { training, evaluation, artifact } = await runJson(trainSchema, [...args, ...track], env);
    expect(training.backend).toBe('wasm');
    if (python === undefined) return;
    const { config, history, summary } = wandbSchema.parse(readWandbRun(python, folder));
    expect(config).toMatchObject({ 'vector_recall.version': artifact.version, 'training.epochs': 1 });
    const [{ trainLoss, validationHitRate100 }] = training.epochs;
    const epoch = { 'epoch/loss': trainLoss, 'validation/hit_rate@100': validationHitRate100 };
    expect(history.filter((row) => 'epoch/loss' in row)).toEqual([expect.objectContaining(epoch)]);
    expect(summary).toMatchObject({ 'test/model/hitRate@100': evaluation.model['hitRate@100'] });
  });

  it('shows people tables on stdout and progress on stderr', async () => {
    const cold = ['--cold-users=0.2', '--cold-items=0.1'];
    // A tracking server that is down, at the port that nothing listens on.
    const tracking = ['--tensorboard', join(folder, 'runs'), '--track=mlflow:http://127.0.0.1:2'];
    const args = ['train', ...tinyWorld, ...cold, ...tracking, '--epochs=1', '--output', join(folder, 'people')];
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(0);
    expect(stderr.match(/MLflow no longer gets the figures of this run/g)).toHaveLength(1);
    expect(readFileSync(join(folder, 'runs', readdirSync(join(folder, 'runs'))[0] ?? ''), 'latin1')).toContain(
      'test/model/hitRate@10',
    );
    for (const title of [
      'Data',
      'Training',
      'Evaluation',
      'Cold users',
      'Cold items',
      'Index',
      'Recommendations for user',
      'Artifact',
    ]) {
      expect(stdout).toMatch(new RegExp(`^${title}`, 'm'));
    }
    expect(stdout).toMatch(/metric +model +EASE\^R +item-kNN +popularity +random +planted truth/);
    expect(stderr).toMatch(/^Epoch 1\/1 .*loss .*HitRate@100/m);
  });
});

describe('on the published artifact', () => {
  it('evaluate finds the figures of the run again', async () => {
    const { evaluation } = await runJson(z.object({ evaluation: evaluationSchema }), ['evaluate', '--output', store]);
    expect(evaluation.users).toBe(trained.evaluation.users);
    expect(evaluation.model['hitRate@100']).toBeCloseTo(trained.evaluation.model['hitRate@100'] ?? -1, 6);
    expect(evaluation.popularity).toEqual(trained.evaluation.popularity);
  });

  it('recall answers for a known user, best first', async () => {
    const user = String(trained.demo.userId);
    const args = ['recall', '--user', user, '--top-k', '15', '--artifact', trained.artifact.path];
    const { itemIds, scores, source } = await runJson(recallSchema, args);
    expect(source).toBe('model');
    expect(itemIds).toHaveLength(15);
    expect(itemIds.slice(0, 10)).toEqual(trained.demo.items.slice(0, 10).map(({ id }) => id));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('recall falls back to what is popular for a stranger, and to the history where there is one', async () => {
    const stranger = await runJson(recallSchema, ['recall', '--user', '987654', '--output', store]);
    expect([stranger.source, stranger.itemIds.length]).toEqual(['popularity', 20]);
    const liked = trained.demo.items.slice(0, 2).map(({ id }) => id);
    const reader = await runJson(recallSchema, ['recall', '--history', liked.join(','), '--output', store]);
    expect(reader.source).toBe('history');
    expect(reader.itemIds.filter((id) => liked.includes(id))).toEqual([]);
  });

  it('recall shows people a table', async () => {
    const { code, stdout } = await run(['recall', '--user', String(trained.demo.userId), '--output', store]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/# +score +id/);
    expect(stdout).toMatch(/Source: model, [\d.]+ ms\./);
  });

  it('benchmark measures latency and batches', async () => {
    const args = ['benchmark', '--benchmark-queries', '20', '--benchmark-top-k', '100', '--output', store];
    const { benchmark } = await runJson(z.object({ benchmark: benchmarkSchema }), args);
    expect(benchmark.batches.map(({ batchSize }) => batchSize)).toEqual([16, 32, 64, 128]);
  });

  it('build-index publishes a version with the new index', async () => {
    const args = ['build-index', '--index-preset', 'lowLatency', '--output', store];
    const { index } = await runJson(z.object({ index: indexSchema }), args);
    expect(index).toMatchObject({ m: 12, efConstruction: 100, items: 1000 });
    const { store: found } = await runJson(doctorSchema, ['doctor', '--output', store]);
    expect(found.current).not.toBe(trained.artifact.version);
    expect(found.versions).toHaveLength(2);
    expect(found.problem).toBeUndefined();
  });

  it('doctor finds the runtime, the engine and the store in order', async () => {
    const findings = await runJson(doctorSchema, ['doctor', '--output', store]);
    expect(findings.node.version).toBe(process.version);
    expect(findings.backend.available).toBe(true);
    expect(findings.index.works).toBe(true);
  });
});
