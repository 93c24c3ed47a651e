import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sectionSchemas } from '@vector-recall/core-config';
import type { RecallServer } from '@vector-recall/recall-grpc';
import type { ModelHost } from '@vector-recall/recall-service';
import { pino } from 'pino';
import { runCli } from '../cli';
import { collect } from '../testing/collect';

// A world with integer users 100 to 111 and items "i0" to "i59".
const root = mkdtempSync(join(tmpdir(), 'server-commands-'));
let host: ModelHost;
let server: RecallServer;
let version: string;

beforeAll(async () => {
  const { ModelHost, RecallServer, StandingAdmin, StandingStore, publishSmallWorld } = {
    ...(await import('@vector-recall/recall-service')),
    ...(await import('@vector-recall/recall-service/testing')),
    ...(await import('@vector-recall/recall-grpc')),
  };
  ({ version } = await publishSmallWorld(root));
  const standing = await StandingStore.open(join(root, 'standing.json'));
  host = new ModelHost(root, { service: { searchThreads: 1, strictIds: true, standing } });
  const local = { host: '127.0.0.1', port: 0, adminPort: 0, metricsHost: '127.0.0.1', metricsPort: 0 };
  const config = sectionSchemas.server.parse({ ...local, artifacts: root });
  const admin = {
    versions: () => host.versions(),
    reload: (wanted?: string) => host.reload(wanted),
    promote: (wanted: string) => host.promote(wanted),
    rollBack: () => host.rollBack(),
    standing: new StandingAdmin(standing, [host]),
  };
  server = await RecallServer.start({
    config,
    models: host,
    admin,
    standing,
    logger: pino({ level: 'silent' }),
    env: {},
  });
  await host.start();
});

afterAll(async () => {
  await server.drain();
  await host.close();
  rmSync(root, { recursive: true });
});

/** What a command line prints and ends with, as in a shell. */
async function run(...args: string[]) {
  const [stdout, stderr] = [collect(), collect()];
  const streams = { stdout: stdout.stream, stderr: stderr.stream };
  const exitCode = await runCli(args, { streams, env: {}, version: '1.0.0' });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

const target = (): string => `--target=127.0.0.1:${server.ports.recall}`;

async function json(...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await run(...args, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

it('standing sets, shows and clears what holds for every request', async () => {
  const admin = `--target=127.0.0.1:${server.ports.admin ?? 0}`;
  const list = join(root, 'denied.txt');
  writeFileSync(list, 'i5\r\n\ni6\n');
  const wanted = { deniedItemIds: ['i4', 'i5', 'i6'], filter: 'price < 9' };
  expect(await json('standing', 'set', admin, '--deny=i4', `--deny-file=${list}`, '--filter=price < 9')).toEqual(
    wanted,
  );
  expect(await json('standing', 'show', admin)).toEqual(wanted);
  const { itemIds } = (await json('query', target(), '--user=104', '--include-seen')) as { itemIds: string[] };
  expect(itemIds.toSorted()).toEqual(['i0', 'i1', 'i2', 'i3', 'i7', 'i8']);
  expect((await run('standing', 'show', admin)).stdout).toContain('i4, i5, i6');
  expect(await json('standing', 'clear', admin)).toEqual({ deniedItemIds: [] });
  expect((await run('standing', 'set', admin)).stderr).toContain('standing set needs --deny, --deny-file or --filter');
});

it('query and similar take rules, and tell why each item stands where it does', async () => {
  // Item i is of the brand i % 3 and costs i.
  const flags = [
    '--top-k=4',
    '--pool=60',
    '--cap=brand=2',
    '--diversity=0.7',
    '--boost=price=0.01',
    '--promote=i7,i10,i13',
  ];
  const answer = await json('query', target(), '--user=104', '--include-seen', ...flags);
  // The cap has room for two of the promoted ones, which are all of one brand.
  expect(answer).toMatchObject({
    itemIds: ['i7', 'i10', expect.any(String), expect.any(String)],
    rules: { pool: 60, placements: ['promoted', 'promoted', expect.any(String), expect.any(String)] },
  });
  expect((await run('query', target(), '--user=104', ...flags)).stdout).toMatch(/score +added +id +why here/);
  expect(await json('similar', target(), '--item=i4', ...flags)).toMatchObject({ rules: { pool: 59 } });
});

it.each([
  [['--cap=brand'], '--cap is "brand", but it must be an attribute and a value, as in brand=3.'],
  [['--decay=price=3'], '--decay has "3" where an age is expected, as in 30d, 12h, 5m or 90s.'],
  [['--boost=price=x'], '--boost has "x" where a number is expected.'],
  [['--diversity=2'], 'rules.diversity.lambda is 2, but it must be a number from 0 to 1.'],
])('rules are refused: %j', async (flags, message) => {
  const { exitCode, stderr } = await run('query', target(), '--user=104', ...flags);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(message);
});

it('similar names the neighbours of an item, without those that are excluded', async () => {
  const { itemIds } = (await json('similar', target(), '--item=i4', '--top-k=3')) as { itemIds: string[] };
  expect(itemIds).toHaveLength(3);
  const others = await json('similar', target(), '--item=i4', '--top-k=3', `--exclude=${itemIds[0]}`);
  expect(others).toMatchObject({ modelVersion: version, itemIds: expect.not.arrayContaining([itemIds[0]]) as unknown });
  expect((await run('similar', target(), '--item=i4')).stdout).toContain('Similar items');
});

it('similar fails with the reason of the server', async () => {
  const { exitCode, stderr } = await run('similar', target(), '--item= i4');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^vector-recall: NOT_FOUND: .*i4.*\n$/);
});

it('info tells what the model takes and the server allows', async () => {
  expect(await json('info', target())).toMatchObject({
    modelVersion: version,
    userIdKind: 'integer',
    maxBatchSize: 256,
  });
  const { stdout } = await run('info', target());
  expect(stdout).toMatch(/users +12, ids are integers\n/);
  expect(stdout).toMatch(/user features +age, visits\n/);
  expect(stdout).toMatch(/context +device\n/);
});

it('reload says what the server answers from', async () => {
  const admin = `--target=127.0.0.1:${server.ports.admin ?? 0}`;
  expect(await json('reload', admin)).toEqual({ modelVersion: version, previousVersion: version, loadMillis: 0 });
  expect((await run('reload', admin)).stdout).toContain('The server answered from this version already.');
  const { exitCode, stderr } = await run('reload', '20000101T000000Z-0000', admin);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/FAILED_PRECONDITION: .*20000101T000000Z-0000/);
});

describe('query', () => {
  it.each(['0101', '101.0', ' 101'])('refuses the user %j, which is no integer id of a log', async (user) => {
    const { exitCode, stderr } = await run('query', target(), `--user=${user}`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--user is "${user}", but the ids of this model are integers`);
  });

  it('keeps blanks in ids that are text', async () => {
    const answer = await json('query', target(), '--history=i7, i8');
    expect(answer).toMatchObject({ source: 'history', unknownHistoryItems: 1 });
  });

  it('sends the context of a request, as recall reads it from the artifact', async () => {
    const asked = ['--user=101', '--top-k=5'];
    const { scores } = (await json('query', target(), ...asked, '--context=device=phone')) as { scores: number[] };
    expect(await json('recall', `--artifact=${root}`, ...asked, '--context=device=phone')).toMatchObject({ scores });
    expect(await json('query', target(), ...asked)).not.toMatchObject({ scores });
    const { exitCode, stderr } = await run('query', target(), ...asked, '--context=country=PT');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('INVALID_ARGUMENT: context has "country", but this model reads device.');
    expect((await run('query', target(), '--vector=1,2', '--context=device=phone')).exitCode).toBe(2);
  });

  it('answers a file line by line, and says which lines failed', async () => {
    const file = join(root, 'users.jsonl');
    writeFileSync(file, '101\n{"user":103,"topK":2}\n{"user":104,"topK":100000}\n{"history":["i7"]}\n999\n');
    const { exitCode, stdout } = await run('query', target(), `--batch=${file}`, '--top-k=3');
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; itemIds?: string[] });
    expect(records).toMatchObject([
      { line: 1, user: 101, source: 'model', modelVersion: version },
      { line: 2, user: 103, source: 'model' },
      { line: 3, user: 104, error: { code: 'INVALID_ARGUMENT', message: expect.stringContaining('top_k') as string } },
      { line: 4, source: 'history' },
      { line: 5, user: 999, source: 'popularity' },
    ]);
    expect(records.map(({ itemIds }) => itemIds?.length)).toEqual([3, 2, undefined, 3, 3]);
    expect(exitCode).toBe(1);
  });

  it('answers a file of many batches as one object with --json', async () => {
    const file = join(root, 'many.jsonl');
    // More than the server takes in one call.
    const users = Array.from({ length: 300 }, (_, i) => 100 + i);
    writeFileSync(file, users.join('\n'));
    const { records } = (await json('query', target(), `--batch=${file}`)) as { records: { user: number }[] };
    expect(records.map(({ user }) => user)).toEqual(users);
  });

  it.each([
    [[], 'query needs --user ID or --history ID,ID, or else --vector, or else --batch FILE.'],
    [['--user=1', '--vector=1'], 'query needs --user ID or --history ID,ID, or else --vector, or else --batch FILE.'],
    [['--vector=1', '--features=1'], '--features needs --user or --history.'],
    [
      ['--batch=x', '--exclude=1'],
      '--exclude, --ef-search and --filter are for one query; write "exclude" and "filter" into the lines of --batch.',
    ],
    [
      ['--user=1', '--ef-search=0'],
      '--ef-search is "0", but it must be a whole number at least 1 and at most 1000000.',
    ],
  ])('with %j is wrong usage', async (args, sentence) => {
    const { exitCode, stderr } = await run('query', target(), ...args);
    expect([exitCode, stderr]).toEqual([2, `vector-recall: ${sentence}\n`]);
  });
});
