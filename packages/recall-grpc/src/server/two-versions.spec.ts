import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelHost, SplitModels } from '@vector-recall/recall-service';
import { publishSmallWorld } from '@vector-recall/recall-service/testing';
import { AdminClient } from '../client/admin-client';
import { RecallCallError } from '../client/errors';
import { RecallClient } from '../client/recall-client';
import type { GetModelInfoResponse } from '../gen/recall/v1/recall';
import { answerOf } from '../testing/calls';
import { Servers } from '../testing/test-server';
import type { RecallServer } from './recall-server';

// The canary has the buckets below 5,000: of the users of the small world, it answers some and not the others.
const users = Array.from({ length: 12 }, (_, row) => 100 + row);

const root = mkdtempSync(join(tmpdir(), 'recall-grpc-split-'));
const servers = new Servers();
let first: string;
let second: string;
let models: SplitModels;
let server: RecallServer;
let client: RecallClient;

beforeAll(async () => {
  ({ version: first } = await publishSmallWorld(root));
  ({ version: second } = await publishSmallWorld(root, { config: { idDim: 5 } }));
  const service = { searchThreads: 1, strictIds: true };
  models = new SplitModels(new ModelHost(root, { pinned: first, service }), new ModelHost(root, { service }), 5000);
  await Promise.all([models.stable.start(), models.canary.start()]);
  server = await servers.start(models, { admin: models.stable });
  client = new RecallClient(`localhost:${server.ports.recall}`);
});
afterAll(async () => {
  client.close();
  await servers.stop();
  await Promise.all([models.stable.close(), models.canary.close()]);
  rmSync(root, { recursive: true });
});

it('splits users by their ids, and says which version has answered', async () => {
  const labels = new Set<string>();
  for (const userId of users) {
    const label = models.labelOf(userId);
    labels.add(label);
    const { versionLabel, modelVersion } = await client.recall({ userId, topK: 3 });
    expect({ versionLabel, modelVersion }).toEqual({
      versionLabel: label,
      modelVersion: label === 'canary' ? second : first,
    });
  }
  expect([...labels].sort()).toEqual(['canary', 'stable']);
  expect(await client.recall({ topK: 1 })).toMatchObject({ versionLabel: 'stable' });
});

it('answers each entry of a batch by its own version, and in its place', async () => {
  const queries = [...users.map((userId) => ({ userId, topK: 3 })), { topK: 0 }];
  const answers = await client.batchRecall(queries);
  expect(answers.pop()).toBeInstanceOf(RecallCallError);
  const alone = await Promise.all(users.map((userId) => client.recall({ userId, topK: 3 })));
  const partsOf = (answer: (typeof answers)[number]) => {
    if (answer instanceof RecallCallError) throw answer;
    const { itemIds, modelVersion, versionLabel } = answer;
    return { itemIds, modelVersion, versionLabel };
  };
  expect(answers.map(partsOf)).toEqual(alone.map(partsOf));
});

it('lets a request name its version', async () => {
  for (const [versionLabel, modelVersion] of [
    ['stable', first],
    ['canary', second],
  ]) {
    const query = { topK: 2, versionLabel };
    expect(await client.recall({ userId: 100, ...query })).toMatchObject({ modelVersion, versionLabel });
    expect(await client.similarItems({ itemId: 'i1', ...query })).toMatchObject({ modelVersion, versionLabel });
    const stub = servers.client(server);
    const info = answerOf<GetModelInfoResponse>((callback) => stub.getModelInfo({ versionLabel }, callback));
    expect(await info).toMatchObject({ modelVersion, versionLabel });
  }
  await expect(client.recall({ userId: 100, topK: 2, versionLabel: 'x' })).rejects.toThrow(
    'version_label is "x", but it must be stable or canary.',
  );
});

it('counts users and names versions by their labels', async () => {
  const before = await server.registry.metrics();
  const users = (text: string): number =>
    Number(/^vector_recall_version_users_total\{version_label="canary"\} (\d+)$/m.exec(text)?.[1]);
  await client.batchRecall([1, 2, 3].map(() => ({ userId: 100, topK: 1, versionLabel: 'canary' })));
  const after = await server.registry.metrics();
  expect(users(after) - users(before)).toBe(3);
  expect(after).toContain(`vector_recall_model_info{version="${first}",version_label="stable"} 1`);
  expect(after).toContain(`vector_recall_model_info{version="${second}",version_label="canary"} 1`);
});

it('switches no version that is pinned, and promotes none in its place', async () => {
  const admin = new AdminClient(`127.0.0.1:${server.ports.admin ?? 0}`);
  await expect(admin.promote(second)).rejects.toMatchObject({
    status: 'FAILED_PRECONDITION',
    message: expect.stringContaining('start it with --serve stable=current') as string,
  });
  expect(await admin.reload()).toMatchObject({ modelVersion: first });
  admin.close();
});

it('has stable answer the users of a canary that is not loaded, but nobody who asks for it', async () => {
  const service = { searchThreads: 1, strictIds: true };
  const missing = new ModelHost(root, { pinned: second, service });
  const split = new SplitModels(models.stable, missing, 10_000);
  const { ports } = await servers.start(split);
  const other = new RecallClient(`localhost:${ports.recall}`, { maxAttempts: 1 });
  expect(await other.recall({ userId: 100, topK: 1 })).toMatchObject({ versionLabel: 'stable', modelVersion: first });
  const named = other.recall({ userId: 100, topK: 1, versionLabel: 'canary' });
  await expect(named).rejects.toMatchObject({ status: 'UNAVAILABLE' });
  other.close();
  await missing.close();
});
