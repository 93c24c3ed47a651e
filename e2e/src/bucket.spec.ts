import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RecallClient } from '@vector-recall/recall-grpc';
import { z } from 'zod';
import { startBucketServer, type BucketServer } from './bucket';
import { run, temporaryFolder } from './cli';
import { trainSchema } from './contract';
import { Server } from './server';
import { tinyTraining, writeTinyLog } from './tiny-log';

const folder = temporaryFolder();
const store = 's3://models/shop';
const log = join(folder, 'log');
let bucket: BucketServer;

/** Runs a command on the machine that trains. */
async function command<T>(schema: z.ZodType<T>, args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json'], bucket.environment(join(folder, 'trainer')));
  if (code !== 0) throw new Error(`vector-recall ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return schema.parse(JSON.parse(stdout));
}

const changeSchema = z.object({ version: z.string(), previousVersion: z.string().optional() });
const train = ['train', '--data', `files:${log}`, ...tinyTraining, '--output', store];

beforeAll(async () => {
  await mkdir(join(folder, 'objects'));
  bucket = await startBucketServer(join(folder, 'objects'));
  await writeTinyLog(log);
});

afterAll(() => {
  bucket.stop();
});

it('three servers follow the promotions and rollbacks of one bucket without a failed call', async () => {
  const first = (await command(trainSchema, train)).artifact.version;
  const servers = await Promise.all(
    // Each is a machine of its own, with nothing downloaded.
    [1, 2, 3].map((i) => Server.start(store, [], bucket.environment(join(folder, `server-${i}`)))),
  );
  await Promise.all(servers.map((server) => server.serves(first)));

  const failures: unknown[] = [];
  const answeredBy = new Set<string>();
  const stop = new AbortController();
  const callers = servers.map(async ({ target }) => {
    const client = new RecallClient(target, { maxAttempts: 1, deadlineMs: 20_000 });
    while (!stop.signal.aborted) {
      const query = { userId: 'user-7', topK: 20 };
      await client.recall(query).then(
        ({ modelVersion }) => answeredBy.add(modelVersion),
        (error: unknown) => failures.push(error),
      );
    }
    client.close();
  });

  const trained = await command(trainSchema, train);
  const second = trained.artifact.version;
  await Promise.all(servers.map((server) => server.serves(second)));
  expect(await command(changeSchema, ['models', 'rollback', '--output', store])).toEqual({
    version: first,
    previousVersion: second,
  });
  const isFirst = ({ msg, version }: { msg: string; version?: string }): boolean =>
    msg === 'Serving a version.' && version === first;
  await Promise.all(servers.map((server) => server.logs(isFirst, 2)));
  stop.abort();
  await Promise.all(callers);
  expect(failures).toEqual([]);
  expect([...answeredBy].toSorted()).toEqual([first, second].toSorted());
  const codes = await Promise.all(servers.map(async (server) => (await server.stop()).code));
  expect(codes).toEqual([0, 0, 0]);
});
