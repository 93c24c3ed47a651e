import { join } from 'node:path';
import { RecallClient } from '@vector-recall/recall-grpc';
import { temporaryFolder } from '../cli';
import { Server } from '../server';
import { Ledger } from './ledger';
import { canMount, SmallDisk } from './small-disk';
import { buildStore, FAULTS_TIMEOUT_MS, uniform, vectorsBy } from './world';

jest.setTimeout(FAULTS_TIMEOUT_MS);

const folder = temporaryFolder();
const store = join(folder, 'store');
const vector = vectorsBy(uniform(14));
let version: string;
let disk: SmallDisk;

beforeAll(async () => {
  version = await buildStore(store, 200, vector);
});

afterEach(() => {
  disk.unmount();
});

async function start(): Promise<Server> {
  const server = await Server.start(store, ['--live', join(disk.folder, 'live')], {}, { prefix: disk.prefix });
  await server.serves(version);
  return server;
}

async function expectAnswers(server: Server): Promise<void> {
  const client = new RecallClient(server.target);
  expect((await client.recall({ queryVector: vector(), topK: 5 })).itemIds).toHaveLength(5);
  client.close();
}

// A machine that lets nobody mount a file system can't be shown a full one.
const onDisk = canMount() ? it : it.skip;

onDisk('refuses changes while the disk is full, answers queries, and goes on when there is space', async () => {
  disk = await SmallDisk.mount(join(folder, 'full'), 256);
  const server = await start();
  const ledger = new Ledger(vector);
  disk.run('dd if=/dev/zero of="$0/filler" bs=1k count=128 2>/dev/null');
  const { made, failures } = await ledger.write(server.target);
  expect(made).toBeGreaterThan(0);
  expect(failures.every((text) => text.includes('free space on the disk and send it again'))).toBe(true);
  expect((await server.page('/metrics')).text).toMatch(
    /vector_recall_live_log_errors_total\{operation="write"\} [1-9]/,
  );
  await expectAnswers(server);
  expect(await ledger.wrong(server.target)).toEqual([]);

  disk.run('rm "$0/filler"');
  expect((await ledger.write(server.target)).made).toBeGreaterThan(0);
  await server.stop();

  disk.run('mount -o remount,size=4m "$0"');
  const again = await start();
  expect(await ledger.wrong(again.target)).toEqual([]);
  await again.stop();
});

onDisk('refuses changes on a disk that has become read-only, answers queries, and has all of them later', async () => {
  disk = await SmallDisk.mount(join(folder, 'read-only'), 4096);
  const server = await start();
  const ledger = new Ledger(vector);
  const writing = ledger.write(server.target);
  // Files that are open for writing keep a file system from turning read-only, as a failing disk does it by itself.
  await server.stop();
  await writing;
  disk.run('mount -o remount,ro "$0"');
  await expect(start()).rejects.toThrow('read-only');

  disk.run('mount -o remount,rw "$0"');
  const again = await start();
  await expectAnswers(again);
  expect(await ledger.wrong(again.target)).toEqual([]);
  await again.stop();
});
