import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelHost } from '@vector-recall/recall-service';
import { publishSmallWorld } from '@vector-recall/recall-service/testing';
import {
  ListVersionsRequest,
  ReloadModelRequest,
  type AdminServiceClient,
  type ListVersionsResponse,
} from '../gen/recall/v1/admin';
import { RecallRequest, type RecallResponse } from '../gen/recall/v1/recall';
import { answerOf, failureOf } from '../testing/calls';
import { Servers } from '../testing/test-server';

const root = mkdtempSync(join(tmpdir(), 'recall-grpc-admin-'));
const servers = new Servers();
const host = new ModelHost(root, { service: { searchThreads: 1 } });

afterAll(async () => {
  await servers.stop();
  await host.close();
  rmSync(root, { recursive: true });
});

it('lists, loads and refuses versions of a real store', async () => {
  const server = await servers.start(host, { admin: host });
  const admin: AdminServiceClient = servers.adminClient(server);
  const reload = (version: string) =>
    answerOf<{ modelVersion: string }>((callback) =>
      admin.reloadModel(ReloadModelRequest.create({ version }), callback),
    );

  expect(await failureOf(reload(''))).toEqual([
    'FAILED_PRECONDITION',
    expect.stringContaining('has no current version'),
  ]);
  const { version: first } = await publishSmallWorld(root);
  const { version: second } = await publishSmallWorld(root, { config: { idDim: 5 } });
  expect(await reload('')).toMatchObject({ modelVersion: second, previousVersion: '' });
  expect(await reload(first)).toMatchObject({ modelVersion: first, previousVersion: second });
  expect(await reload(first)).toEqual({ modelVersion: first, previousVersion: first, loadMillis: 0 });
  const [code, details] = await failureOf(reload('20000101T000000Z-0000'));
  expect(code).toBe('FAILED_PRECONDITION');
  expect(details).toContain(`The version ${first} goes on serving.`);

  const { versions } = await answerOf<ListVersionsResponse>((callback) =>
    admin.listVersions(ListVersionsRequest.create(), callback),
  );
  expect(versions).toEqual([
    { version: second, promoted: true, serving: false },
    { version: first, promoted: false, serving: true },
  ]);
  const client = servers.client(server);
  const answer = await answerOf<RecallResponse>((callback) =>
    client.recall(RecallRequest.fromPartial({ topK: 1 }), callback),
  );
  expect(answer.modelVersion).toBe(first);
}, 60_000);
