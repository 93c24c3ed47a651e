import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTrackers } from '../create-trackers';
import { RunTracking } from '../run-tracking';
import { type MlflowServer, startMlflowServer } from '../testing/mlflow-server';
import type { TrackedEnd } from '../tracker';

const end: TrackedEnd = {
  status: 'finished',
  step: 20,
  params: Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`training.option${n}`, 'x'.repeat(700)])),
  tags: { 'vector_recall.version': 'v1' },
  metrics: { 'test/model/hitRate@10': 0.25, 'test/model/none': NaN },
  report: '<!doctype html>',
};

async function track(url: string, env: Record<string, string> = {}, result = end): Promise<string[]> {
  const warnings: string[] = [];
  const trackers = await createTrackers({ track: `mlflow:${url}`, env });
  const tracking = new RunTracking(trackers, (message) => warnings.push(message));
  tracking.start({ name: 'films', tags: { 'vector_recall.data': 'movielens:films' } });
  tracking.logStep(1, { 'train/loss': 7 });
  tracking.logEpoch(10, { 'validation/hit_rate@100': 0.5 });
  tracking.logEpoch(20, { 'validation/hit_rate@100': 0.75 });
  await tracking.end(result);
  return warnings;
}

describe('with a server', () => {
  let server: MlflowServer;
  afterEach(() => server.close());

  it('logs figures by epoch, options, test metrics and the report', async () => {
    server = await startMlflowServer();
    expect(await track(server.url)).toEqual([]);
    expect(server.received.map(({ call }) => call)).toEqual([
      'GET mlflow/experiments/get-by-name',
      'POST mlflow/experiments/create',
      'POST mlflow/runs/create',
      'POST mlflow/runs/log-batch',
      'POST mlflow/runs/log-batch',
      'POST mlflow/runs/log-batch',
      'POST mlflow/runs/log-batch',
      'POST mlflow/runs/log-batch',
      'POST mlflow/runs/log-batch',
      'PUT mlflow-artifacts/artifacts/0/r1/artifacts/report.html',
      'POST mlflow/runs/update',
    ]);
    const bodies = server.received.map(({ body }) => body);
    expect(bodies[1]).toEqual({ name: 'vector-recall' });
    expect(bodies[2]).toMatchObject({
      experiment_id: '0',
      run_name: 'films',
      tags: [{ key: 'vector_recall.data', value: 'movielens:films' }],
    });
    expect(bodies[4]).toMatchObject({
      run_id: 'r1',
      metrics: [{ key: 'validation/hit_rate_at_100', value: 0.75, step: 20 }],
    });
    expect(bodies[5]).toMatchObject({ params: { length: 100 } });
    expect(bodies[6]).toMatchObject({
      params: { length: 20, 0: { key: 'training.option100', value: 'x'.repeat(500) } },
    });
    expect(bodies[7]).toMatchObject({ tags: [{ key: 'vector_recall.version', value: 'v1' }] });
    // What is not a number is left out: JSON has no word for it.
    expect(bodies[8]).toMatchObject({ metrics: [{ key: 'test/model/hitRate_at_10', value: 0.25, step: 20 }] });
    expect(bodies.slice(9)).toEqual(['<!doctype html>', expect.objectContaining({ run_id: 'r1', status: 'FINISHED' })]);
  });

  it('takes an experiment and credentials from the variables of MLflow', async () => {
    server = await startMlflowServer(['other', 'films']);
    const env = { MLFLOW_EXPERIMENT_NAME: 'films', MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'secret' };
    expect(await track(server.url, env)).toEqual([]);
    expect(server.received[1]).toMatchObject({ call: 'POST mlflow/runs/create', body: { experiment_id: '1' } });
    const expected = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect(server.received.filter(({ authorization }) => authorization !== expected)).toEqual([]);
  });

  it.each([
    ['interrupted', 'KILLED'],
    ['failed', 'FAILED'],
  ] as const)('says that a run was %s', async (status, expected) => {
    server = await startMlflowServer();
    await track(server.url, {}, { status, step: 20, params: {}, tags: {}, metrics: {} });
    expect(server.received.at(-1)?.body).toMatchObject({ status: expected });
  });
});

it('warns once of a server that is down', async () => {
  // A port that was free a moment ago.
  const { url, close } = await startMlflowServer();
  await close();
  expect(await track(url)).toEqual([
    `MLflow no longer gets the figures of this run: ${url} cannot be reached. ` +
      'Check that it runs and that the address is right. The training is not affected.',
  ]);
});

it('warns once of a server that is another one', async () => {
  const server = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await track(url)).toEqual([
    `MLflow no longer gets the figures of this run: ${url} does not answer as an MLflow server does. ` +
      'Check the address. The training is not affected.',
  ]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it.each([
  ['mlflow', '--track is "mlflow", but it must be mlflow:URI, such as mlflow:http://localhost:5000.'],
  [
    'mlflow:localhost',
    '--track is "mlflow:localhost", but it must be mlflow:URI, such as mlflow:http://localhost:5000.',
  ],
  [
    'comet:me/films',
    '--track is "comet:me/films", but it must be mlflow:URI, such as mlflow:http://localhost:5000, ' +
      'or wandb:PROJECT, such as wandb:films.',
  ],
  [
    'mlflow:https://me:secret@host/path',
    '--track is "mlflow:https://…@host", but credentials go into MLFLOW_TRACKING_USERNAME and ' +
      'MLFLOW_TRACKING_PASSWORD or MLFLOW_TRACKING_TOKEN.',
  ],
])('refuses %s', async (track, message) => {
  await expect(createTrackers({ track })).rejects.toThrow(message);
});
