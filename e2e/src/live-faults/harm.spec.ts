import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ItemClient } from '@vector-recall/recall-grpc';
import { temporaryFolder } from '../cli';
import { runServer, Server } from '../server';
import { buildStore, FAULTS_TIMEOUT_MS, isWhole, uniform, vectorsBy } from './world';

const harms = isWhole ? 100 : 6;

jest.setTimeout(FAULTS_TIMEOUT_MS);

const folder = temporaryFolder();
const store = join(folder, 'store');
const draw = uniform(13);
const vector = vectorsBy(draw);

it('refuses a log that was cut short or has a bit changed, by the name of the file, and starts from a copy of it', async () => {
  const version = await buildStore(store, 200, vector);
  const live = join(folder, 'live');
  const server = await Server.start(store, ['--live', live]);
  await server.serves(version);
  const client = new ItemClient(server.target);
  for (let i = 0; i < 30; i++) await client.upsertItems([{ id: 20_000 + i, vector: vector() }]);
  client.close();
  await server.stop();
  for (let i = 0; i < harms; i++) {
    const copy = join(folder, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(live, copy, { recursive: true });
    const names = readdirSync(copy).toSorted();
    const file = join(copy, names[i % names.length]);
    const bytes = readFileSync(file);
    const at = Math.floor(draw() * bytes.length);
    if (i % 4 < 2) truncateSync(file, at);
    else {
      bytes[at] ^= 1 << Math.floor(draw() * 8);
      writeFileSync(file, bytes);
    }
    const ports = ['--port=0', '--admin-port=0', '--metrics-port=0'];
    const { code, stderr } = await runServer(['--artifacts', store, '--live', copy, ...ports]);
    expect(code).toBe(1);
    expect(stderr).toContain(file);
  }
  const again = await Server.start(store, ['--live', live]);
  await again.serves(version);
  expect((await again.stop()).code).toBe(0);
});
