import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { runJson, temporaryFolder, tinyWorld, workspaceRoot } from './cli';
import { querySchema, trainSchema } from './contract';
import { pythonWithClient } from './python';
import { Server } from './server';
import { tinyTraining, writeTinyLog } from './tiny-log';

const source = join(workspaceRoot, 'clients/python');
const folder = temporaryFolder();
const python = pythonWithClient();

(python === undefined ? describe.skip : describe)('the Python client (needs pip, grpcio and grpcio-tools)', () => {
  let integers: Server;
  let strings: Server;

  const runPython = (args: readonly string[], cwd: string): SpawnSyncReturns<string> =>
    spawnSync(python ?? '', args, {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, VECTOR_RECALL_INTEGERS: integers.target, VECTOR_RECALL_STRINGS: strings.target },
    });

  beforeAll(async () => {
    const [world, log] = [join(folder, 'world'), join(folder, 'log')];
    await writeTinyLog(log);
    const trained = ['--promote=always', '--epochs=1', '--output', world];
    const first = await runJson(trainSchema, ['train', ...tinyWorld, ...trained]);
    const own = ['train', '--data', `files:${log}`, ...tinyTraining, '--output', join(folder, 'own')];
    const second = await runJson(trainSchema, own);
    [integers, strings] = await Promise.all([Server.start(world), Server.start(join(folder, 'own'))]);
    await Promise.all([integers.serves(first.artifact.version), strings.serves(second.artifact.version)]);
  });

  afterAll(async () => {
    await Promise.all([integers.stop(), strings.stop()]);
  });

  it('has generated code of the contract as it is now', () => {
    expect(runPython(['generate.py', '--check'], source)).toMatchObject({ status: 0, stderr: '' });
  });

  it('passes its own tests as it is installed, with ids of both kinds', async () => {
    // Away from its sources, so that the installed package is tested.
    await cp(join(source, 'tests'), join(folder, 'tests'), { recursive: true });
    const { status, stderr } = runPython(['-m', 'unittest'], folder);
    expect(stderr).toMatch(/\nOK\n$/);
    expect(status).toBe(0);
  });

  it('is what the example uses', async () => {
    const ask = (id: string, topK: string) =>
      runPython(
        [join(workspaceRoot, 'examples/python/query.py'), '--target', integers.target, '--user', id, '--top-k', topK],
        folder,
      );
    const flags = ['--user=7', '--top-k=15', '--target', integers.target];
    const { itemIds, modelVersion } = await runJson(querySchema, ['query', ...flags]);
    expect(JSON.parse(ask('7', '15').stdout)).toMatchObject({ itemIds, modelVersion });
    expect(ask('07', '15')).toMatchObject({
      status: 1,
      stderr: 'query.py: The user id is "07", but the user ids of this model are integers.\n',
    });
    const { status, stderr } = ask('7', '0');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^query\.py: The call to \S+ failed: INVALID_ARGUMENT: top_k .*\n$/);
  });
});
