import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, readFile, rename, symlink, truncate, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileConfig } from '@vector-recall/core-config';
import { loadDataset } from '@vector-recall/datasets';
import { ModelStore } from '@vector-recall/model-store';
import { ItemClient, RecallCallError, RecallClient } from '@vector-recall/recall-grpc';
import { z } from 'zod';
import { run, runJson, temporaryFolder, tinyWorld } from './cli';
import { querySchema, recallSchema, trainSchema } from './contract';
import { runServer, Server } from './server';
import { tinyTraining, writeTypedLog } from './tiny-log';

const folder = temporaryFolder();
const store = join(folder, 'store');
const user = '7';

/** Two versions; the first is promoted before each test. */
let first: string;
let second: string;

const changeSchema = z.object({ version: z.string(), previousVersion: z.string().optional() });
const listSchema = z.object({ versions: z.array(z.object({ version: z.string(), isCurrent: z.boolean() })) });

const models = (...args: string[]) => runJson(changeSchema, ['models', ...args, '--output', store]);
const query = (target: string, ...args: string[]) =>
  runJson(querySchema, ['query', '--user', user, '--top-k', '15', '--target', target, ...args]);

beforeAll(async () => {
  const train = ['train', ...tinyWorld, '--epochs=1', '--output', store];
  first = (await runJson(trainSchema, train)).artifact.version;
  await runJson(z.looseObject({}), ['build-index', '--index-preset', 'lowLatency', '--output', store]);
  const { versions } = await runJson(listSchema, ['models', 'list', '--output', store]);
  second = versions.find(({ isCurrent }) => isCurrent)?.version ?? '';
});

beforeEach(async () => {
  await new ModelStore(store).promote(first);
});

describe('one process', () => {
  it('answers as the artifact does, follows promotions and rollbacks, and stops with 0', async () => {
    const server = await Server.start(store);
    await server.serves(first);
    expect((await server.page('/readyz')).status).toBe(200);
    const found = await runJson(recallSchema, ['recall', '--user', user, '--top-k', '15', '--output', store]);
    const answer = await query(server.target);
    expect(answer).toMatchObject({ modelVersion: first, source: 'model', itemIds: found.itemIds });

    expect(await models('promote', second)).toEqual({ version: second, previousVersion: first });
    await server.serves(second);
    expect((await query(server.target)).modelVersion).toBe(second);

    expect(await models('rollback')).toEqual({ version: first, previousVersion: second });
    await server.logs(({ msg, version }) => msg === 'Serving a version.' && version === first, 2);
    expect((await query(server.target)).modelVersion).toBe(first);
    expect((await server.stop()).code).toBe(0);
  });

  it('refuses a damaged version with the reason and goes on serving', async () => {
    const server = await Server.start(store);
    await server.serves(first);
    const index = join(store, 'versions', second, 'hnsw.bin');
    const { size } = await stat(index);
    await new ModelStore(store).promote(second);
    await server.serves(second);
    await new ModelStore(store).rollback();
    await server.logs(({ msg, version }) => msg === 'Serving a version.' && version === first, 2);
    await appendFile(index, 'x');
    // By hand: `models promote` would verify it first.
    await symlink(join('versions', second), join(store, 'next'));
    await rename(join(store, 'next'), join(store, 'current'));
    await server.logs(({ msg }) => msg.startsWith(`The version ${second} was refused`));
    expect((await query(server.target)).modelVersion).toBe(first);
    expect((await server.page('/metrics')).text).toContain('vector_recall_model_swaps_total{outcome="refused"} 1');
    await truncate(index, size);
    server.kill('SIGHUP');
    await server.logs(({ msg, version }) => msg === 'Serving a version.' && version === second, 2);
    expect((await server.stop()).code).toBe(0);
  });

  it('waits for the first version of a store that is not there', async () => {
    const later = join(folder, 'later');
    const server = await Server.start(later);
    await server.logs(({ msg }) => msg.startsWith(`The folder ${later} does not exist. Check --artifacts;`));
    expect((await server.page('/readyz')).status).toBe(503);
    const { code, stderr } = await run(['query', '--user', user, '--target', server.target]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^vector-recall: UNAVAILABLE: No model is loaded yet/)]);
    await mkdir(later);
    await cp(join(store, 'versions'), join(later, 'versions'), { recursive: true });
    await symlink(join('versions', second), join(later, 'current'));
    await server.serves(second);
    expect((await query(server.target)).modelVersion).toBe(second);
    expect((await server.stop()).code).toBe(0);
  });

  it('lets every call in flight finish at SIGTERM', async () => {
    const server = await Server.start(store);
    await server.serves(first);
    const client = new RecallClient(server.target, { maxAttempts: 1, deadlineMs: 20_000 });
    let signalled = Infinity;
    const failedBefore: unknown[] = [];
    let answered = 0;
    const call = async (): Promise<void> => {
      for (;;) {
        const begun = performance.now();
        try {
          await client.recall({ userId: Number(user), topK: 100 });
          answered++;
        } catch (error) {
          if (begun < signalled) failedBefore.push(error);
          expect(error).toBeInstanceOf(RecallCallError);
          return;
        }
      }
    };
    const callers = Promise.all(Array.from({ length: 32 }, call));
    while (answered < 500) await new Promise((resolve) => setTimeout(resolve, 5));
    signalled = performance.now();
    const { code } = await server.stop();
    await callers;
    client.close();
    expect(code).toBe(0);
    expect(failedBefore).toEqual([]);
  });

  it('says in one sentence that its port is taken', async () => {
    const server = await Server.start(store);
    const { code, stderr } = await runServer([
      '--artifacts',
      store,
      '--port',
      String(server.ports.recall),
      '--host=127.0.0.1',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^vector-recall-server: The recall service can't listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\n$/,
    );
    await server.stop();
  });
});

/** How many shared copies of an index each worker has mapped; all of them are one. */
async function sharedIndexes(server: Server): Promise<number[]> {
  const pids = new Set(server.log.filter(({ msg }) => msg === 'Serving a version.').map(({ pid }) => pid));
  const maps = await Promise.all([...pids].map((pid) => readFile(`/proc/${pid}/maps`, 'utf8')));
  const inodes = maps.map((text) =>
    [...text.matchAll(/ (\d+) +\/memfd:vector-recall-index/g)].map(([, inode]) => inode),
  );
  expect(new Set(inodes.flat()).size).toBe(1);
  return inodes.map(({ length }) => length);
}

describe('two workers', () => {
  it('share the port, load a promotion both, and are replaced when they die', async () => {
    const served = join(folder, 'served');
    const flags = ['--log-level=debug', '--live-recall-every=1', '--log-served', served];
    const server = await Server.start(store, ['--workers=2', ...flags]);
    await server.serves(first, 2);
    expect((await server.page('/readyz')).status).toBe(200);
    if (process.platform === 'linux') expect(await sharedIndexes(server)).toEqual([1, 1]);
    const isCall = ({ method }: Record<string, unknown>): boolean => method === 'Recall';
    const callers = (): Set<number> => new Set(server.log.filter(isCall).map(({ pid }) => pid));
    // Connections are handed out in turn, so a few of them reach both.
    for (let i = 0; i < 4; i++) await query(server.target);
    expect(callers().size).toBe(2);
    // The four searches have been compared with all items, two by each worker.
    const compared = /vector_recall_live_recall_count\{k="all"\} 4\n/;
    while (!compared.test((await server.page('/metrics')).text))
      await new Promise((resolve) => setTimeout(resolve, 50));

    await new ModelStore(store).promote(second);
    await server.serves(second, 2);
    const { text } = await server.page('/metrics');
    expect(text).toContain(`vector_recall_model_info{version="${second}"} 2`);
    expect(text).toMatch(/vector_recall_requests_total\{method="Recall",code="OK"\} 4/);

    const [victim] = callers();
    process.kill(victim, 'SIGKILL');
    await server.logs(({ msg }) => msg.startsWith('A worker has died and will be replaced: SIGKILL'));
    await server.serves(second, 3);
    for (let i = 0; i < 2; i++) expect((await query(server.target)).modelVersion).toBe(second);
    expect((await server.stop()).code).toBe(0);

    // What was returned is a log that can be read, but for what the worker had not finished that was killed.
    const { data } = compileConfig({ flags: { data: `files:${served}` } });
    const { interactions, users, items } = await loadDataset(data, { seed: 1 });
    expect([users.vocabulary.size, users.vocabulary.idAt(0)]).toEqual([1, Number(user)]);
    expect(interactions.items.length % 15).toBe(0);
    expect(interactions.items.length).toBeGreaterThanOrEqual(30);
    expect(items.vocabulary.size).toBeGreaterThanOrEqual(15);
  });

  it('answer from two versions at once, each user from one of them', async () => {
    const flags = ['--workers=2', '--serve', `stable=current,canary=${second}`, '--canary-share=50%'];
    const server = await Server.start(store, flags);
    await Promise.all([server.serves(first, 2), server.serves(second, 2)]);
    const clients = Array.from({ length: 3 }, () => new RecallClient(server.target));
    const ofUser = async (userId: number, client: RecallClient): Promise<string> => {
      const { versionLabel = '', modelVersion } = await client.recall({ userId, topK: 1 });
      expect(modelVersion).toBe(versionLabel === 'canary' ? second : first);
      return versionLabel;
    };
    const seen = new Set<string>();
    for (let userId = 0; userId < 12; userId++) {
      const [label, ...others] = await Promise.all(clients.map((client) => ofUser(userId, client)));
      // Whichever worker is asked.
      for (const other of others) expect(other).toBe(label);
      seen.add(label);
    }
    expect([...seen].sort()).toEqual(['canary', 'stable']);
    const { text } = await server.page('/metrics');
    expect(text).toContain(`vector_recall_model_info{version="${second}",version_label="canary"} 2`);
    for (const client of clients) client.close();
    expect((await server.stop()).code).toBe(0);
  });

  it('refuse a version that is not in the store, by its name', async () => {
    const { code, stderr } = await runServer(['--artifacts', store, '--serve', 'stable=20000101T000000Z-0000']);
    expect(code).toBe(1);
    expect(stderr).toContain('has no version 20000101T000000Z-0000; it holds');
  });

  it('say why they cannot start', async () => {
    const server = await Server.start(store);
    const port = ['--port', String(server.ports.recall), '--host=127.0.0.1', '--workers=2'];
    const { code, stderr } = await runServer(['--artifacts', store, ...port]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^vector-recall-server: The recall service can't listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\n$/,
    );
    await server.stop();
  });
});

describe('security', () => {
  const hasOpenssl = (): boolean => {
    try {
      execFileSync('openssl', ['version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const whereOpenssl = hasOpenssl() ? it : it.skip;

  whereOpenssl('encrypts, and lets in who has the token (needs openssl)', async () => {
    const [cert, key, tokens] = ['cert.pem', 'key.pem', 'tokens'].map((name) => join(folder, name));
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    const made = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-out',
      cert,
      '-keyout',
      key,
    ];
    execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
    await writeFile(tokens, 'a-token-that-is-long-enough\n');
    const server = await Server.start(store, ['--tls-cert', cert, '--tls-key', key, '--token-file', tokens]);
    await server.serves(first);
    const answer = await query(server.target, '--tls-ca', cert, '--token-file', tokens);
    expect(answer.modelVersion).toBe(first);
    const refused = await run(['query', '--user', user, '--target', server.target, '--tls-ca', cert]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('UNAUTHENTICATED')]);
    const { stdout } = await server.stop();
    expect(stdout).not.toContain(await readFile(tokens, 'utf8'));
  });
});

describe('a log with types of events', () => {
  it('is trained on, and its types are read from requests, stored histories and events to come', async () => {
    const data = join(folder, 'typed-log');
    const output = join(folder, 'typed-store');
    await writeTypedLog(data);
    const train = ['train', '--data', `files:${data}`, ...tinyTraining, '--output', output];
    const { artifact } = await runJson(trainSchema, train);
    const server = await Server.start(output, ['--live', join(folder, 'typed-live')]);
    await server.serves(artifact.version);
    const recall = new RecallClient(server.target);
    const items = new ItemClient(server.target);
    try {
      expect((await recall.modelInfo()).eventTypes.toSorted()).toEqual(['purchase', 'view']);
      const history = ['sku-3', 'sku-41'];
      const vectorOf = async (userId: string | undefined, historyTypes?: readonly string[]) => {
        const own = userId === undefined ? { history, historyTypes } : { userId };
        const [encoded] = await recall.encodeUsers([own]);
        return 'vector' in encoded ? encoded.vector : undefined;
      };
      const typed = await vectorOf(undefined, ['purchase', 'view']);
      const untyped = await vectorOf(undefined);
      expect(typed).toHaveLength(16);
      expect(await vectorOf(undefined, ['never seen', ''])).toEqual(untyped);
      expect(typed).not.toEqual(untyped);

      // What is appended is what a request would say.
      await items.appendEvents([
        { userId: 'newcomer', itemId: history[0], at: Date.now() - 2, type: 'purchase' },
        { userId: 'newcomer', itemId: history[1], at: Date.now() - 1, type: 'view' },
      ]);
      expect(await vectorOf('newcomer')).toEqual(typed);

      const args = ['query', '--history', history.join(), '--top-k', '5', '--target', server.target];
      const answer = await runJson(querySchema, [...args, '--types', 'purchase,view']);
      const expected = await recall.recall({ history, historyTypes: ['purchase', 'view'], topK: 5 });
      expect(answer.itemIds).toEqual(expected.itemIds);
      expect((await run([...args, '--types', 'view'])).stderr).toContain('history_types has 1 values');
    } finally {
      recall.close();
      items.close();
      await server.stop();
    }
  });
});
