import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { encodeEntry } from '../change/change-codec';
import { ChangeLog } from '../log/change-log';
import { removeFolders, temporaryFolder } from '../testing/temporary-folder';
import { copyChanges } from './backup';
import { LiveStore } from './live-store';

const registerSwc = join(__dirname, '../../../../tools/register-swc.cjs');

afterEach(removeFolders);

const upsert = (id: number | string, name: string, changeId?: string) => {
  return { kind: 'upsert-item', item: { id, name }, changeId } as const;
};

it('holds the newest change of each item, and makes none twice', async () => {
  const folder = await temporaryFolder();
  const store = await LiveStore.open(folder);
  const heard: number[] = [];
  store.listen((changes) => heard.push(...changes.map(({ seq }) => seq)));
  expect(await store.write([upsert(1, 'a', 'x'), upsert(1, 'b', 'y'), upsert('1', 'c', 'x')])).toEqual([
    'applied',
    'applied',
    'repeated',
  ]);
  const same = await Promise.all([store.write([upsert(2, 'd', 'z')]), store.write([upsert(2, 'e', 'z')])]);
  expect(same).toEqual([['applied'], ['repeated']]);
  expect(await store.write([upsert(1, 'a', 'x'), { kind: 'delete-item', id: 2 }])).toEqual(['repeated', 'applied']);
  expect(heard).toEqual([1, 2, 3, 4]);
  await store.close();

  const again = await LiveStore.open(folder);
  expect(again.state.item(1)).toMatchObject({ kind: 'upsert-item', item: { name: 'b' } });
  expect(again.state.item(2)).toMatchObject({ kind: 'delete-item' });
  expect(again.state.item('1')).toBeUndefined();
  expect(await again.write([upsert(1, 'a', 'x')])).toEqual(['repeated']);
  await again.compact();
  await again.close();

  const compacted = await LiveStore.open(folder);
  expect(await compacted.write([upsert(1, 'a', 'x'), upsert(3, 'f')])).toEqual(['repeated', 'applied']);
  expect(compacted.state.item(3)?.seq).toBe(5);
  await compacted.close();
});

it('keeps vectors to the bit', async () => {
  const folder = await temporaryFolder();
  const vector = Float32Array.of(0.1, -3e38, 1e-45, 7);
  const store = await LiveStore.open(folder);
  await store.write([{ kind: 'upsert-item', item: { id: 'a', vector, attributes: { tags: ['x', 1], price: 0.3 } } }]);
  await store.close();
  const again = await LiveStore.open(folder);
  expect(again.state.item('a')).toMatchObject({ item: { vector, attributes: { tags: ['x', 1], price: 0.3 } } });
  await again.close();
});

it('keeps the types of events, and has none of a log from before there were types', async () => {
  const folder = await temporaryFolder();
  const at = Date.now();
  const log = await ChangeLog.open(folder, () => undefined);
  await log.append([
    Buffer.from(`{"kind":"append-events","seq":1,"userId":"u","events":[{"itemId":"old","at":${at - 1}}]}`),
  ]);
  await log.close();
  const store = await LiveStore.open(folder);
  const bought = { itemId: 'new', at, type: 'purchase' };
  await store.write([{ kind: 'append-events', userId: 'u', events: [bought] }]);
  await store.compact();
  await store.close();
  const again = await LiveStore.open(folder);
  expect(again.state.eventsOf('u')).toEqual([{ itemId: 'old', at: at - 1 }, bought]);
  await again.close();
});

it('keeps the newest events of a user, for a time', async () => {
  const folder = await temporaryFolder();
  const now = Date.now();
  const store = await LiveStore.open(folder, { limits: { eventsPerUser: 3, eventDays: 1, changeIds: 10 } });
  const events = [4, 1, 3, 2].map((age) => ({ itemId: `item ${age}`, at: now - age * 1000 }));
  await store.write([{ kind: 'append-events', userId: 'u', events: events.slice(0, 2) }]);
  await store.write([{ kind: 'append-events', userId: 'u', events: events.slice(2) }]);
  const kept = () => store.state.eventsOf('u').map(({ itemId }) => itemId);
  expect(kept()).toEqual(['item 3', 'item 2', 'item 1']);
  await store.compact();
  expect(kept()).toEqual(['item 3', 'item 2', 'item 1']);
  expect(store.state.eventsOf('u', now + 86_400_000 - 1500)).toHaveLength(1);
  expect(store.state.entries(now + 2 * 86_400_000)).toEqual([]);
  await store.close();
});

it.each([
  ['when it is closed', (store: LiveStore) => store.close()],
  ['when it is compacted', (store: LiveStore) => store.compact()],
])('erases a user from the log too %s', async (_, end) => {
  const folder = await temporaryFolder();
  const store = await LiveStore.open(folder);
  await store.write([{ kind: 'append-events', userId: 'u', events: [{ itemId: 'bought', at: Date.now() }] }]);
  await store.write([{ kind: 'delete-user', id: 'u' }]);
  expect(store.state.eventsOf('u')).toEqual([]);
  await end(store);
  const [log] = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  expect((await readFile(join(folder, log))).includes('bought')).toBe(false);
  await store.close().catch(() => undefined);
});

it('refuses a second writer', async () => {
  const folder = await temporaryFolder();
  const store = await LiveStore.open(folder);
  await expect(LiveStore.open(folder)).rejects.toMatchObject({
    code: 'LIVE_FOLDER_UNUSABLE',
    message: expect.stringContaining(`is being written by process ${process.pid}`) as string,
  });
  await store.close();
  await (await LiveStore.open(folder)).close();
});

it('takes over from a writer of another machine that shows no sign of life', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'LOCK'), '0123abcd.1.1');
  await (await LiveStore.open(folder)).close();
});

it('refuses a log whose records are of another kind', async () => {
  const folder = await temporaryFolder();
  const log = await ChangeLog.open(folder, () => undefined);
  await log.append([Buffer.from('{"kind":"else"}')]);
  await log.close();
  await expect(LiveStore.open(folder)).rejects.toMatchObject({ code: 'LIVE_LOG_INVALID', fault: 'foreign' });
});

it('copies the changes of a running store into an empty folder', async () => {
  const folder = await temporaryFolder();
  const to = join(await temporaryFolder(), 'backup');
  const store = await LiveStore.open(folder);
  await store.write([upsert(1, 'a'), upsert(2, 'b'), { kind: 'delete-item', id: 2 }]);
  expect(await copyChanges(folder, to)).toMatchObject({ items: 2, seq: 3 });
  await expect(copyChanges(folder, to)).rejects.toThrow('is not empty');
  await store.close();
  const restored = await LiveStore.open(to);
  expect(restored.state.item(1)).toMatchObject({ item: { name: 'a' } });
  expect(await restored.write([upsert(3, 'c')])).toEqual(['applied']);
  expect(restored.state.seq).toBe(4);
  await restored.close();
});

it('takes up a stream once, though what a crash cut off is read again', async () => {
  const folder = await temporaryFolder();
  const stream = 'S of today';
  const bought = { kind: 'append-events', userId: 'u', events: [{ itemId: 1, at: Date.now() }] } as const;
  const store = await LiveStore.open(folder);
  await store.follow([], { stream, position: 0 });
  expect(await store.follow([[bought], [upsert(1, 'a', 'x')]], { stream, position: 2 })).toEqual([
    ['applied'],
    ['applied'],
  ]);
  await store.close();

  // A crash between the records of one write: the changes are there, but not how far the stream was taken up.
  const next = [
    [upsert(2, 'b', 'y'), bought],
    [upsert(3, 'c', 'x')],
    [{ kind: 'delete-item', id: 1 } as const, bought],
  ];
  const log = await ChangeLog.open(folder, () => undefined);
  await log.append([encodeEntry({ ...next[0][0], seq: 3 }), encodeEntry({ ...bought, seq: 4 })]);
  await log.close();

  const again = await LiveStore.open(folder);
  expect(again.state.offset).toEqual({ stream, position: 2, seq: 2 });
  expect(await again.follow(next, { stream, position: 5 })).toEqual([
    ['repeated', 'applied'],
    ['repeated'],
    ['applied', 'applied'],
  ]);
  expect(again.state.eventsOf('u')).toHaveLength(3);
  expect(again.state.seq).toBe(7);
  await again.compact();
  const entries = again.state.entries();
  await again.close();
  const compacted = await LiveStore.open(folder);
  expect(compacted.state.entries()).toEqual(entries);
  expect(compacted.state.offset).toMatchObject({ position: 5, seq: 7 });
  await compacted.close();
});

it('has every acknowledged change after its process was killed', async () => {
  const folder = await temporaryFolder();
  const names = new Map<number, number>();
  let next = 0;
  for (let kill = 0; kill < 4; kill++) {
    const program = ['-r', registerSwc, join(__dirname, '../testing/write-forever.ts'), folder, String(next)];
    const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    let acknowledged = 0;
    const stopAfter = 60 + 37 * kill;
    for await (const line of lines) {
      const [word, number] = line.split(' ');
      if (word !== 'ack') continue;
      const n = Number(number);
      names.set(n % 48, Math.max(names.get(n % 48) ?? -1, n));
      next = Math.max(next, n + 1);
      if (++acknowledged === stopAfter) child.kill('SIGKILL');
    }
    // Its output ends before it does, and it holds the folder until then.
    await exited;
    const store = await LiveStore.open(folder);
    for (const [id, n] of names) {
      const item = store.state.item(id);
      expect(Number(item?.kind === 'upsert-item' ? item.item.name : NaN)).toBeGreaterThanOrEqual(n);
    }
    await store.close();
    next += 100;
  }
});
