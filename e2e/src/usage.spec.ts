import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, temporaryFolder } from './cli';
import { errorSchema } from './contract';

const folder = temporaryFolder();

describe('wrong usage ends with 2 and one sentence', () => {
  it.each([
    [['train', '--epoch', '2'], 'There is no option --epoch; did you mean --epochs?'],
    [['train', '--epochs', '0'], '--epochs is 0, but it must be a whole number at least 1 and at most 10000.'],
    [
      ['train', '--num_users', 'many'],
      '--num-users is "many", but it must be a whole number at least 10 and at most 50000000.',
    ],
    [['train', '--backend', 'gpu'], '--backend is "gpu", but it must be one of auto, native, wasm, cpu.'],
    [
      ['train', '--data', 'movielens'],
      '--data is "movielens", but it must be synthetic, movielens:DIR, recbole:DIR or files:DIR.',
    ],
    [['recall'], 'recall needs --user ID, --history ID,ID or --all-users.'],
    [
      ['recall', '--user', '1', '--top-k', '0'],
      '--top-k is "0", but it must be a whole number at least 1 and at most 10000.',
    ],
    [['trian'], 'There is no command trian; did you mean train?'],
  ])('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toBe(`vector-recall: ${sentence}\n`);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('also for the environment', async () => {
    const { code, stderr } = await run(['train'], { VECTOR_RECALL_EPOCHS: '-1' });
    expect(stderr).toBe(
      'vector-recall: VECTOR_RECALL_EPOCHS is -1, but it must be a whole number at least 1 and at most 10000.\n',
    );
    expect(code).toBe(2);
  });

  it('also for a config file, with its line', async () => {
    const file = join(folder, 'run.yaml');
    writeFileSync(file, 'training:\n  epochs: 1\n  batchsize: 3\n');
    const { code, stderr } = await run(['train', '--config', file]);
    expect(stderr).toBe(
      `vector-recall: ${file}, line 3: there is no option training.batchsize; did you mean training.batchSize?\n`,
    );
    expect(code).toBe(2);
  });
});

describe('a failure ends with 1 and one sentence', () => {
  it('where there is no artifact', async () => {
    const store = join(folder, 'empty');
    mkdirSync(store);
    const { code, stdout, stderr } = await run(['evaluate', '--output', store, '--json']);
    const sentence = `There is no artifact in ${store} yet; vector-recall train --output ${store} makes one.`;
    expect(stderr).toBe(`vector-recall: ${sentence}\n`);
    expect(errorSchema.parse(JSON.parse(stdout))).toEqual({ error: { code: 'ARTIFACT_NOT_FOUND', message: sentence } });
    expect(code).toBe(1);
  });

  it.each(['movielens', 'recbole', 'files'])('where %s data is not there', async (kind) => {
    const data = join(folder, 'absent');
    const { code, stdout, stderr } = await run([
      'train',
      '--data',
      `${kind}:${data}`,
      '--output',
      join(folder, 'none'),
    ]);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^vector-recall: .*${data}.*\\.$`));
    expect([code, stdout]).toEqual([1, '']);
  });

  it('with a stack only when asked for', async () => {
    const args = ['evaluate', '--output', join(folder, 'nowhere')];
    expect((await run(args)).stderr).not.toMatch(/^ +at /m);
    expect((await run([...args, '--verbose'])).stderr).toMatch(/^ +at /m);
  });
});

describe('asking ends with 0', () => {
  it.each([['--help'], ['train', '--help'], ['--version']])('%s %s', async (...args: string[]) => {
    const { code, stdout, stderr } = await run(args.filter((argument) => typeof argument === 'string'));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  });
});

it('writes the given options as a config file that can be read back', async () => {
  const first = await run(['config', '--epochs', '9', '--hidden-dims', '64,32']);
  const file = join(folder, 'compiled.yaml');
  writeFileSync(file, first.stdout);
  const again = await run(['config', '--config', file]);
  expect([again.code, again.stdout]).toEqual([0, first.stdout]);
});
