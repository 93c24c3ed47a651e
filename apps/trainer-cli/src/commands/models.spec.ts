import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../cli';
import { collect } from '../testing/collect';

let root: string;
// Loading packages from their sources is not what these tests are about.
beforeAll(async () => {
  await import('@vector-recall/model-store');
  await import('@vector-recall/report');
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'models-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

/** Publishes a version whose time of staging is so many seconds into a day. */
async function publish(second: number, fields: { config?: object; metrics?: object } = {}): Promise<string> {
  const { ModelStore } = await import('@vector-recall/model-store');
  const store = new ModelStore(root, { now: () => new Date(Date.UTC(2026, 10, 22, 10, 0, second)) });
  const staged = await store.stage();
  await writeFile(join(staged.folder, 'a.txt'), 'x');
  await store.publish(staged, {
    dims: { embedding: 8 },
    counts: { users: 1234, items: 56, interactions: 7 },
    config: { ...fields.config },
    metrics: { ...fields.metrics },
  });
  return staged.version;
}

async function run(...args: string[]) {
  const [stdout, stderr] = [collect(), collect()];
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const exitCode = await runCli(['models', ...args, '--output', root], { streams, env: {}, version: '1.0.0' });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

it('list shows what each version was made from and how good it is', async () => {
  await publish(1, { metrics: { index: { 'recall@10': 0.99, 'recall@500': 0.9512 } } });
  const trained = await publish(2, {
    config: { data: { source: 'files:my-log' } },
    metrics: {
      model: { 'hitRate@10': 0.1, 'hitRate@100': 0.4123, 'ndcg@10': 0.05 },
      popularity: { 'hitRate@100': 0.19 },
    },
  });
  const { exitCode, stdout } = await run('list');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /version +made \(UTC\) +data +users +items +HitRate@10 +HitRate@100 +NDCG@10 +popularity HitRate@100/,
  );
  expect(stdout).toMatch(new RegExp(`${trained} .* files:my-log +1,234 +56 +0\\.1000 +0\\.4123 +0\\.0500 +0\\.1900`));
  expect(stdout).toMatch(/vectors +1,234 +56 .*0\.9512 @500/);
  expect(stdout).not.toContain('problem');
  expect(JSON.parse((await run('list', '--json')).stdout)).toMatchObject({
    versions: [{ version: trained, isCurrent: true, source: 'files:my-log' }, { source: 'vectors' }],
  });
});

it('prune deletes old versions and checkpoints, but not what a rollback needs', async () => {
  const versions = [await publish(1), await publish(2), await publish(3), await publish(4)];
  await run('promote', versions[1]);
  await mkdir(join(root, 'checkpoints/old/epoch-1'), { recursive: true });
  await writeFile(join(root, 'checkpoints/old/epoch-1/state.json'), '{}');
  const { exitCode, stdout } = await run('prune', '--keep', '1', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ root, versions: [versions[2], versions[0]], checkpoints: [] });
  expect(await readdir(join(root, 'versions'))).toEqual([versions[1], versions[3]]);
  expect(JSON.parse((await run('rollback', '--json')).stdout)).toMatchObject({ version: versions[3] });
});

it.each([
  [['prune'], 'models prune needs --keep N, and no other action takes it.'],
  [['list', '--keep', '3'], 'models prune needs --keep N, and no other action takes it.'],
  [['prune', '--keep', '0'], '--keep is "0", but it must be a whole number at least 1 and at most 100000.'],
])('%j is wrong usage', async (args, sentence) => {
  const { exitCode, stderr } = await run(...args);
  expect([exitCode, stderr]).toEqual([2, `vector-recall: ${sentence}\n`]);
});
