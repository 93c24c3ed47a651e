import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelHost, StandingAdmin, StandingStore } from '@vector-recall/recall-service';
import { publishSmallWorld } from '@vector-recall/recall-service/testing';
import {
  ListVersionsRequest,
  ReloadModelRequest,
  type AdminServiceClient,
  type ListVersionsResponse,
} from '../gen/recall/v1/admin';
import { RecallRequest, type RecallResponse } from '../gen/recall/v1/recall';
import { AdminClient } from '../client/admin-client';
import { answerOf, failureOf } from '../testing/calls';
import type { ModelAdmin } from '../contract/model-source';
import { Servers } from '../testing/test-server';

const root = mkdtempSync(join(tmpdir(), 'recall-grpc-admin-'));
const servers = new Servers();
const host = new ModelHost(root, { service: { searchThreads: 1 } });

function adminOf(models: ModelHost, standing: StandingAdmin): ModelAdmin {
  return {
    versions: () => models.versions(),
    reload: (version) => models.reload(version),
    promote: (version) => models.promote(version),
    rollBack: () => models.rollBack(),
    standing,
  };
}

afterAll(async () => {
  await servers.stop();
  await host.close();
  rmSync(root, { recursive: true });
});

it('sets, tells and clears standing rules, and counts them', async () => {
  const { root: store } = await publishSmallWorld(mkdtempSync(join(root, 'standing-')));
  const rules = await StandingStore.open(join(store, 'standing.json'));
  const models = new ModelHost(store, { service: { searchThreads: 1, standing: rules } });
  await models.start();
  try {
    const standing = new StandingAdmin(rules, [models]);
    const server = await servers.start(models, { admin: adminOf(models, standing), standing: rules });
    const client = new AdminClient(`127.0.0.1:${server.ports.admin ?? 0}`);
    expect(await client.standing()).toEqual({ deniedItemIds: [] });
    const wanted = { deniedItemIds: ['i1', 'i2'], filter: 'price < 9' };
    expect(await client.setStanding(wanted)).toEqual(wanted);
    expect(await client.standing()).toEqual(wanted);
    const recall = servers.client(server);
    const request = RecallRequest.fromPartial({ topK: 60 });
    const answer = await answerOf<RecallResponse>((callback) => recall.recall(request, callback));
    expect(answer.items?.itemIds?.stringIds.toSorted()).toEqual(['i0', 'i3', 'i4', 'i5', 'i6', 'i7', 'i8']);
    const metrics = await server.registry.metrics();
    expect(metrics).toContain('vector_recall_standing_denied_items 2\n');
    expect(metrics).toContain('vector_recall_standing_filter 1\n');
    await expect(client.setStanding({ deniedItemIds: [], filter: 'price <' })).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    await expect(client.setStanding({ deniedItemIds: [], filter: 'colour = "red"' })).rejects.toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
    const tooMany = Array.from({ length: 100_001 }, (_, i) => i);
    await expect(client.setStanding({ deniedItemIds: tooMany })).rejects.toThrow(
      'with denied_item_ids, the request has more than 100000 ids; send fewer, or hide more by a filter on an attribute.',
    );
    expect(await client.standing()).toEqual(wanted);
    expect(await client.setStanding({ deniedItemIds: [] })).toEqual({ deniedItemIds: [] });
    client.close();
  } finally {
    await models.close();
  }
});

it('refuses standing rules where none are kept', async () => {
  const { ports } = await servers.start(host, { admin: host });
  const client = new AdminClient(`127.0.0.1:${ports.admin ?? 0}`);
  await expect(client.standing()).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
  await expect(client.setStanding({ deniedItemIds: ['a'] })).rejects.toThrow('start it with --standing');
  client.close();
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
});

it('promotes a version that can be served, and rolls back', async () => {
  const store = mkdtempSync(join(root, 'promote-'));
  const { version: first } = await publishSmallWorld(store);
  const { version: second } = await publishSmallWorld(store, { config: { idDim: 5 } });
  const models = new ModelHost(store, { service: { searchThreads: 1 } });
  await models.start();
  const { ports } = await servers.start(models, { admin: models });
  const client = new AdminClient(`127.0.0.1:${ports.admin ?? 0}`);
  try {
    expect(await client.promote(first)).toEqual({ modelVersion: first, previousVersion: second });
    expect(await client.versions()).toEqual([
      { version: second, promoted: false, serving: false },
      { version: first, promoted: true, serving: true },
    ]);
    expect(await client.rollBack()).toEqual({ modelVersion: second, previousVersion: first });
    await rm(join(store, 'versions', first, 'items.npy'));
    await expect(client.promote(first)).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
    await expect(client.promote('')).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
    expect(await client.versions()).toMatchObject([{ version: second, promoted: true, serving: true }, {}]);
    await expect(client.rollBack()).rejects.toThrow(`The version ${second} goes on serving.`);
  } finally {
    client.close();
    await models.close();
  }
});

it('promotes nothing where a version is served on its own', async () => {
  const { root: store, version } = await publishSmallWorld(mkdtempSync(join(root, 'alone-')));
  const models = new ModelHost(join(store, 'versions', version), { service: { searchThreads: 1 } });
  const { ports } = await servers.start(models, { admin: models });
  const client = new AdminClient(`127.0.0.1:${ports.admin ?? 0}`);
  await expect(client.promote(version)).rejects.toMatchObject({
    status: 'FAILED_PRECONDITION',
    message: expect.stringContaining('serve the store that it is part of') as string,
  });
  client.close();
});
