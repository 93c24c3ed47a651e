import { once } from 'node:events';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { Metadata, status } from '@grpc/grpc-js';
import { BatchRecallRequest, RecallRequest, type RecallResponse } from '../gen/recall/v1/recall';
import type { RecallServer } from '../server/recall-server';
import { answerOf } from '../testing/calls';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';

const servers = new Servers();
const opened: { destroy(): unknown }[] = [];
let world: World;

beforeAll(async () => {
  world = await makeWorld();
});
afterEach(async () => {
  for (const each of opened.splice(0)) each.destroy();
  await servers.stop();
});
afterAll(() => world.remove());

type Config = NonNullable<Parameters<Servers['start']>[1]>['config'];

const start = (config: Config = {}): Promise<RecallServer> => servers.start(new TestModels(world.service), { config });

function sessionOf({ ports }: RecallServer): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${ports.recall}`);
  session.on('error', () => undefined);
  opened.push(session);
  return session;
}

interface CallOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function begin(session: ClientHttp2Session, { method = 'Recall', path, headers = {} }: CallOptions = {}) {
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: path ?? `/recall.v1.RecallService/${method}`,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => undefined);
  stream.resume();
  return stream;
}

/** The status with which a call ends, wherever it stands. */
async function statusOf(stream: ClientHttp2Stream): Promise<{ code: number; message: string; rst: number }> {
  let code = NaN;
  let message = '';
  const read = (headers: Readonly<Record<string, unknown>>): void => {
    if (headers['grpc-status'] !== undefined) code = Number(headers['grpc-status']);
    if (typeof headers['grpc-message'] === 'string') message = decodeURI(headers['grpc-message']);
  };
  stream.on('response', read);
  stream.on('trailers', read);
  await once(stream, 'close');
  return { code, message, rst: stream.rstCode };
}

function frameOf(content: Uint8Array, flag = 0, length = content.length): Buffer {
  const frame = Buffer.alloc(5 + content.length);
  frame[0] = flag;
  frame.writeUInt32BE(length, 1);
  frame.set(content, 5);
  return frame;
}

const request = RecallRequest.encode(RecallRequest.fromPartial({ topK: 3 })).finish();

describe('a token', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'grpc-port-'));
    writeFileSync(join(folder, 'tokens'), 'abcdefghijklmnop\n');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['a call', '/recall.v1.RecallService/BatchRecall'],
    ['reflection', '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'],
    ['a method that there is not', '/recall.v1.RecallService/Forget'],
  ])('is judged before anything of %s is received', async (_, path) => {
    const session = sessionOf(await start({ tokenFile: join(folder, 'tokens') }));
    // Nothing of the request is sent, so that only its headers can have been judged.
    const refused = await statusOf(begin(session, { path }));
    expect(refused).toMatchObject({ code: status.UNAUTHENTICATED, rst: constants.NGHTTP2_NO_ERROR });
    const headers = { authorization: 'Bearer abcdefghijklmnop' };
    const admitted = begin(session, { path, headers });
    admitted.end(frameOf(request));
    expect((await statusOf(admitted)).code).not.toBe(status.UNAUTHENTICATED);
  });

  it('is not asked of health', async () => {
    const session = sessionOf(await start({ tokenFile: join(folder, 'tokens') }));
    const stream = begin(session, { path: '/grpc.health.v1.Health/Check' });
    stream.end(frameOf(Buffer.alloc(0)));
    expect((await statusOf(stream)).code).toBe(status.OK);
  });
});

describe('a request', () => {
  it('is refused by its announced length, while it is still coming', async () => {
    const stream = begin(sessionOf(await start()), { method: 'Recall' });
    stream.write(frameOf(Buffer.alloc(0), 0, 2 ** 31));
    expect(await statusOf(stream)).toEqual({
      code: status.RESOURCE_EXHAUSTED,
      message: expect.stringMatching(
        /^The request has 2147483648 bytes, but this method takes at most \d+\.$/,
      ) as string,
      rst: constants.NGHTTP2_NO_ERROR,
    });
  });

  it('that comes in pieces is kept only within bounds, while ordinary calls go on', async () => {
    const server = await start();
    const session = sessionOf(server);
    const largest = 16_580_608;
    const held = Array.from({ length: 30 }, () => begin(session, { method: 'BatchRecall' }));
    const outcomes = held.map(statusOf);
    for (const stream of held) stream.write(frameOf(Buffer.alloc(10), 0, largest));
    const first = await Promise.race(outcomes);
    expect(first).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      message: 'Too many large requests are being received; try again later.',
    });
    const ordinary = begin(session);
    ordinary.end(frameOf(request));
    expect((await statusOf(ordinary)).code).toBe(status.OK);
    // What is held on a connection is free again once it has gone.
    session.destroy();
    await Promise.all(outcomes);
    const next = begin(sessionOf(server), { method: 'BatchRecall' });
    const batch = BatchRecallRequest.encode({ requests: [RecallRequest.fromPartial({ topK: 1 })] }).finish();
    const frame = frameOf(batch);
    next.write(frame.subarray(0, 7));
    next.end(frame.subarray(7));
    expect((await statusOf(next)).code).toBe(status.OK);
  });

  it('has a time to arrive', async () => {
    const stream = begin(sessionOf(await start({ transferTimeoutMs: 100 })));
    stream.write(Buffer.from([0, 0]));
    expect(await statusOf(stream)).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      message: 'The request did not arrive within 100 ms.',
    });
  });

  it('may be compressed', async () => {
    const session = sessionOf(await start());
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
    ] as const) {
      const stream = begin(session, { headers: { 'grpc-encoding': encoding } });
      stream.end(frameOf(pack(request), 1));
      expect(await statusOf(stream)).toMatchObject({ code: status.OK });
    }
  });

  it.each<[string, number, Buffer, Readonly<Record<string, string>>]>([
    [
      'too large once unpacked',
      status.RESOURCE_EXHAUSTED,
      gzipSync(Buffer.alloc(3_000_000)),
      { 'grpc-encoding': 'gzip' },
    ],
    ['no gzip', status.INVALID_ARGUMENT, Buffer.from('plain'), { 'grpc-encoding': 'gzip' }],
    ['compressed in no known way', status.UNIMPLEMENTED, Buffer.alloc(3), { 'grpc-encoding': 'br' }],
    ['compressed without saying how', status.INVALID_ARGUMENT, Buffer.alloc(3), {}],
  ])('is refused where it is %s', async (_, code, content, headers) => {
    const stream = begin(sessionOf(await start()), { headers });
    stream.end(frameOf(content, 1));
    expect((await statusOf(stream)).code).toBe(code);
  });

  it('is refused with a time-out that is none', async () => {
    const stream = begin(sessionOf(await start()), { headers: { 'grpc-timeout': 'soon' } });
    stream.end(frameOf(request));
    expect(await statusOf(stream)).toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

it('keeps a deadline of months', async () => {
  const server = await start();
  const deadline = Date.now() + 90 * 86_400_000;
  const answer = await answerOf<RecallResponse>((callback) =>
    servers.client(server).recall(RecallRequest.fromPartial({ topK: 2 }), new Metadata(), { deadline }, callback),
  );
  expect(answer.modelVersion).toBe(world.version);
});

describe('a connection', () => {
  /** A connection of raw bytes, and what comes back over it. */
  async function raw({ ports }: RecallServer, bytes: Buffer): Promise<Socket> {
    const socket = connectTcp(ports.recall, '127.0.0.1');
    opened.push(socket);
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    socket.write(bytes);
    return socket;
  }
  const preface = Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  ]);

  it.each([
    ['DATA on stream 0', [0, 0, 1, 0, 0, 0, 0, 0, 0, 120]],
    ['a PING of nine bytes', [0, 0, 9, 6, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['headers that do not unpack', [0, 0, 1, 1, 5, 0, 0, 0, 1, 0xff]],
  ])('is ended after an error of the protocol: %s', async (_, frame) => {
    const server = await start();
    const socket = await raw(server, Buffer.concat([preface, Buffer.from(frame)]));
    await once(socket, 'close');
    const stream = begin(sessionOf(server));
    stream.end(frameOf(request));
    expect((await statusOf(stream)).code).toBe(status.OK);
  });

  it('is ended where it never speaks HTTP/2', async () => {
    const socket = await raw(await start({ transferTimeoutMs: 100 }), Buffer.alloc(0));
    await once(socket, 'close');
    expect(socket.bytesWritten).toBe(0);
  });

  it('is closed gently when it is idle, not while a call is open', async () => {
    const server = await start({ maxConnectionIdleMs: 1 });
    const busy = sessionOf(server);
    const held = begin(busy);
    held.write(Buffer.from([0]));
    const idle = sessionOf(server);
    let goodbye: number | undefined;
    idle.on('goaway', (code: number) => (goodbye = code));
    await once(idle, 'close');
    expect([goodbye, busy.destroyed]).toEqual([constants.NGHTTP2_NO_ERROR, false]);
  });

  it('is refused where there are too many', async () => {
    const server = await start({ maxConnections: 2 });
    const first = sessionOf(server);
    const second = sessionOf(server);
    await Promise.all([once(first, 'remoteSettings'), once(second, 'remoteSettings')]);
    const third = sessionOf(server);
    await once(third, 'close');
    const stream = begin(first);
    stream.end(frameOf(request));
    expect((await statusOf(stream)).code).toBe(status.OK);
  });

  it('that is quiet but in order is kept', async () => {
    const server = await start();
    const session = sessionOf(server);
    let pings = 0;
    session.on('ping', () => pings++);
    await once(session, 'ping');
    // It has answered, which is no reason to ask again.
    const stream = begin(session);
    stream.end(frameOf(request));
    expect([(await statusOf(stream)).code, pings]).toEqual([status.OK, 1]);
  });
});
