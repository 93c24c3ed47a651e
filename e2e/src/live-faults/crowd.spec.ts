import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RecallClient } from '@vector-recall/recall-grpc';
import { temporaryFolder } from '../cli';
import { Server } from '../server';
import { Ledger } from './ledger';
import { buildStore, FAULTS_TIMEOUT_MS, isWhole, uniform, vectorsBy } from './world';

const connections = isWhole ? 10_000 : 1500;
const rounds = isWhole ? 50 : 3;

jest.setTimeout(FAULTS_TIMEOUT_MS);

const folder = temporaryFolder();
const store = join(folder, 'store');
const draw = uniform(16);
const vector = vectorsBy(draw);
let version: string;

beforeAll(async () => {
  version = await buildStore(store, 200, vector);
});

async function start(): Promise<Server> {
  const server = await Server.start(store, ['--live', join(folder, 'live')]);
  await server.serves(version);
  return server;
}

async function expectAnswers(server: Server): Promise<void> {
  const client = new RecallClient(server.target, { deadlineMs: 30_000 });
  expect((await client.recall({ queryVector: vector(), topK: 5 })).itemIds).toHaveLength(5);
  client.close();
}

it(`closes what is more than its limit of ${connections} connections, and answers when they are gone`, async () => {
  const server = await start();
  const sockets: Socket[] = [];
  let closed = 0;
  for (let i = 0; i < connections; i++) {
    const socket = connect(server.ports.recall, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => closed++);
    sockets.push(socket);
    if (i % 100 === 99) await setTimeout(1);
  }
  // The limit is 1,000; nobody else is connected.
  while (closed < connections - 1000) await setTimeout(20);
  expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(1000);
  for (const socket of sockets) socket.destroy();
  await expectAnswers(server);
  expect((await server.stop()).code).toBe(0);
});

it('keeps every acknowledged change of clients that vanish, and answers others beside clients that stall', async () => {
  const server = await start();
  const ledger = new Ledger(vector);
  const stalled = Array.from({ length: 20 }, () => connectHttp2(`http://${server.target}`));
  for (const session of stalled) {
    session.on('error', () => undefined);
    const call = session.request({
      ':method': 'POST',
      ':path': '/recall.v1.ItemService/UpsertItems',
      'content-type': 'application/grpc',
    });
    call.on('error', () => undefined);
    // A message of 100 bytes is announced, and three of them are sent.
    call.write(Buffer.from([0, 0, 0, 0, 100, 1, 2, 3]));
  }
  for (let round = 0; round < rounds; round++) {
    const session = connectHttp2(`http://${server.target}`);
    session.on('error', () => undefined);
    await once(session, 'connect');
    const call = session.request({ ':method': 'POST', ':path': '/recall.v1.ItemService/UpsertItems' });
    call.on('error', () => undefined);
    call.write(Buffer.alloc(1 + Math.floor(draw() * 50)));
    await setTimeout(draw() * 20);
    session.destroy();
    const writing = ledger.write(server.target, 50);
    await expectAnswers(server);
    expect((await writing).failures).toEqual([]);
    expect(await ledger.wrong(server.target)).toEqual([]);
  }
  for (const session of stalled) session.destroy();
  expect((await server.stop()).code).toBe(0);
});
