import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { temporaryFolder, workspaceRoot } from './cli';
import { trainSchema } from './contract';
import { Server } from './server';
import { tinyTraining, writeTinyLog } from './tiny-log';

const run = promisify(execFile);
const folder = temporaryFolder();
const app = join(folder, 'app');
const installed = (file: string): string => join(app, 'node_modules/@vector-recall', file);

const manifestSchema = z.object({
  name: z.string(),
  license: z.string(),
  files: z.array(z.string()),
});

const packages = ['packages', 'apps', 'tools'].flatMap((parent) =>
  readdirSync(join(workspaceRoot, parent))
    .map((name) => join(workspaceRoot, parent, name))
    .filter((path) => existsSync(join(path, 'package.json'))),
);

const callerSource = `
import { RecallClient, type RecallAnswer } from '@vector-recall/recall-grpc/client';

async function main(target: string): Promise<void> {
  const client = new RecallClient(target);
  const answer: RecallAnswer = await client.recall({ userId: 'user-7', topK: 5 });
  process.stdout.write(JSON.stringify(answer.itemIds));
  client.close();
}

void main(process.argv[2] ?? '');
`;

const tsconfig = {
  // The types that TensorFlow.js ships do not pass a strict check of their own.
  compilerOptions: {
    strict: true,
    skipLibCheck: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    typeRoots: ['./types'],
  },
  files: ['ask.ts'],
};

describe('the packages', () => {
  it('name the same licence and ship its text', () => {
    const text = readFileSync(join(workspaceRoot, 'LICENSE'), 'utf8');
    expect(packages.length).toBeGreaterThan(10);
    for (const path of packages) {
      const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')));
      expect(manifest).toMatchObject({ license: 'MIT' });
      expect({ path, text: readFileSync(join(path, 'LICENSE'), 'utf8') }).toEqual({ path, text });
      expect(readFileSync(join(path, 'README.md'), 'utf8')).toMatch(/^# /);
    }
  });
});

/** By the steps of `deploy/docker/Dockerfile`. */
describe('packed and installed in an empty folder', () => {
  beforeAll(async () => {
    const tarballs = join(folder, 'tarballs');
    await run(join(workspaceRoot, 'deploy/pack.sh'), [tarballs]);
    expect(readdirSync(tarballs)).toHaveLength(packages.length);
    await run(join(workspaceRoot, 'deploy/install.sh'), [tarballs, app, '--omit=optional']);
    await writeTinyLog(join(app, 'log'));
  });

  it('trains, serves, and answers a typed client', async () => {
    const train = ['vector-recall', 'train', '--data', 'files:log', ...tinyTraining];
    const { stdout } = await run('npx', ['--no-install', ...train, '--json'], { cwd: app });
    const { artifact } = trainSchema.parse(JSON.parse(stdout));
    // Python reads it, so no import would miss it.
    expect(existsSync(installed('run-tracking/python/wandb_run.py'))).toBe(true);

    const program = installed('recall-server/bin/vector-recall-server.cjs');
    const server = await Server.start(join(app, 'artifacts'), [], {}, { program });
    await server.serves(artifact.version);
    const query = ['vector-recall', 'query', '--user=user-7', '--top-k=5', '--target', server.target, '--json'];
    const answer: unknown = JSON.parse((await run('npx', ['--no-install', ...query], { cwd: app })).stdout);

    await writeFile(join(app, 'ask.ts'), callerSource);
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify(tsconfig));
    await mkdir(join(app, 'types'));
    // Node's own types are not ours to ship; everything else has to come out of the tarballs.
    await run('ln', ['-s', join(workspaceRoot, 'node_modules/@types/node'), join(app, 'types/node')]);
    await run(process.execPath, [join(workspaceRoot, 'node_modules/typescript/bin/tsc'), '-p', app], { cwd: app });
    const asked = await run(process.execPath, ['ask.js', server.target], { cwd: app });
    const itemIds = z.array(z.string()).length(5).parse(JSON.parse(asked.stdout));
    expect(answer).toMatchObject({ itemIds, modelVersion: artifact.version });
    expect((await server.stop()).code).toBe(0);
  });

  it('searches with the native engine, compiled at install', async () => {
    const { stdout } = await run('npx', ['--no-install', 'vector-recall', 'doctor'], { cwd: app });
    expect(stdout).toMatch(/index engine +native/);
  });
});
