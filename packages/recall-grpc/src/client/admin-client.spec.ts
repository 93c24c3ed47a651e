import { idleAdmin, Servers, TestModels } from '../testing/test-server';
import { AdminClient } from './admin-client';

const servers = new Servers();
let client: AdminClient | undefined;

afterEach(async () => {
  client?.close();
  await servers.stop();
});

async function clientOf(
  reload: (version?: string) => Promise<{ version: string; previousVersion?: string; loadMs: number }>,
) {
  const versions = () => Promise.resolve([{ version: 'v2', promoted: true, serving: false }]);
  const { ports } = await servers.start(new TestModels(undefined), { admin: { ...idleAdmin, versions, reload } });
  client = new AdminClient(`127.0.0.1:${ports.admin ?? 0}`);
  return client;
}

it('asks for a version by name, or for the promoted one', async () => {
  const asked: (string | undefined)[] = [];
  const admin = await clientOf((version) => {
    asked.push(version);
    return Promise.resolve({ version: version ?? 'v2', previousVersion: 'v0', loadMs: 7.2 });
  });
  expect(await admin.reload('v1')).toEqual({ modelVersion: 'v1', previousVersion: 'v0', loadMillis: 7 });
  expect(await admin.reload()).toMatchObject({ modelVersion: 'v2' });
  expect(asked).toEqual(['v1', undefined]);
});

it('leaves the previous version out where there was none', async () => {
  const admin = await clientOf(() => Promise.resolve({ version: 'v1', loadMs: 1 }));
  expect(await admin.reload()).toEqual({ modelVersion: 'v1', loadMillis: 1 });
});

it('lists the versions of the store', async () => {
  const admin = await clientOf(() => Promise.reject(new Error('unused')));
  expect(await admin.versions()).toEqual([{ version: 'v2', promoted: true, serving: false }]);
});

it('fails with the status of the server', async () => {
  const admin = await clientOf(() => Promise.reject(new Error('damaged')));
  await expect(admin.reload('v1')).rejects.toMatchObject({ code: 'RECALL_CALL_FAILED', status: 'INTERNAL' });
});
