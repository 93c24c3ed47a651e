import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileConfig } from '@vector-recall/core-config';
import { runCli } from '../cli';
import { collect } from '../testing/collect';

let root: string;
// Loading packages from their sources is not what these tests are about.
beforeAll(async () => {
  await import('@vector-recall/datasets');
  await import('@vector-recall/report');
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'init-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function run(...args: string[]) {
  const [stdout, stderr] = [collect(), collect()];
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const exitCode = await runCli(['init', ...args], { streams, env: {}, version: '1.0.0' });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

it('describes a log, and names the next commands', async () => {
  const [project, data] = [join(root, 'shop'), join(root, 'log')];
  await mkdir(data);
  await writeFile(join(data, 'orders.csv'), "user_id,sku,ts\no'neil 1,2,1700000000\n");
  const { exitCode, stdout } = await run(project, '--data', data);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`Next: cd ${project} && npx vector-recall train --config run.yaml`);
  expect(await readFile(join(data, 'dataset.yaml'), 'utf8')).toContain('user: user_id\n');
  expect(compileConfig({ file: join(project, 'run.yaml') })).toMatchObject({
    data: { source: 'files:../log' },
    runtime: { output: 'artifacts' },
  });
  const readme = await readFile(join(project, 'README.md'), 'utf8');
  expect(readme.match(/^ {4}npx .*$/gm)).toEqual([
    '    npx vector-recall train --config run.yaml',
    String.raw`    npx vector-recall recall --config run.yaml --user 'o'\''neil 1' --top-k 20`,
    '    npx vector-recall-server --artifacts artifacts',
  ]);
});

it('begins with a synthetic world in an empty folder', async () => {
  const { exitCode } = await run(root);
  expect(exitCode).toBe(0);
  expect(await readdir(root)).toEqual(['README.md', 'run.yaml']);
  expect(compileConfig({ file: join(root, 'run.yaml') }).data.source).toBe('synthetic');
});

it('finds the log in the folder of the project itself', async () => {
  await writeFile(join(root, 'plays.jsonl'), '{"user":1,"track":2,"played_at":"2024-05-01"}\n');
  await run(root);
  expect(compileConfig({ file: join(root, 'run.yaml') }).data.source).toBe('files:.');
});

it('overwrites nothing', async () => {
  await writeFile(join(root, 'README.md'), 'mine');
  const { exitCode, stderr } = await run(root);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    `vector-recall: ${join(root, 'README.md')} exists already; move it away, or give another folder.\n`,
  );
  expect(await readdir(root)).toEqual(['README.md']);
});

it('says that the folder of the log does not exist', async () => {
  const { exitCode, stderr } = await run(root, '--data', join(root, 'absent'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^vector-recall: .*absent: .*does not exist; check the path\.\n$/);
});
