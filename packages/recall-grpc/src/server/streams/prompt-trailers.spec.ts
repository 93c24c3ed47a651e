import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect as connectTcp, createServer as createTcpServer, type Server } from 'node:net';
import { isKnownRelease, sendTrailersPromptly } from './prompt-trailers';

let server: Http2Server;
let session: ClientHttp2Session;
const opened = new Set<{ destroy: () => void }>();
/** Answers the next calls. */
let answer: (stream: ServerHttp2Stream) => void;

beforeAll(async () => {
  server = createServer();
  server.on('session', (one) => opened.add(one));
  server.on('stream', (stream) => {
    answer(stream);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  session = connect(`http://127.0.0.1:${portOf(server)}`);
});

afterAll(async () => {
  session.destroy();
  // Some releases of Node would wait for a stream whose caller has gone.
  for (const one of opened) one.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function portOf(listening: Pick<Server, 'address'>): number {
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** Sends a body and trailers in the order of grpc-js. */
function respond(stream: ServerHttp2Stream, body: Buffer, trailers: OutgoingHttpHeaders): void {
  stream.on('error', () => undefined);
  stream.resume();
  stream.respond({ ':status': 200 }, { waitForTrailers: true });
  stream.once('wantTrailers', () => {
    stream.sendTrailers(trailers);
  });
  stream.write(body, () => stream.end());
}

async function call(from = session): Promise<{ bytes: number; trailers: Record<string, unknown> }> {
  const stream = from.request({ ':method': 'POST' });
  let trailers = {};
  stream.on('trailers', (headers: IncomingHttpHeaders) => {
    trailers = { ...headers };
  });
  stream.end('request');
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) bytes += chunk.length;
  return { bytes, trailers };
}

describe('trailers', () => {
  it.each<[string, OutgoingHttpHeaders]>([
    ['a number and a text', { 'grpc-status': 0, 'grpc-message': 'OK' }],
    ['an empty text and one with a space', { 'grpc-message': '', 'x-note': 'a b' }],
    ['several of one name', { 'grpc-status': 0, 'x-list': ['a', 'b', 'c'] }],
    ['a value that is missing', { 'grpc-status': 0, 'x-none': undefined }],
    ['what is not ASCII', { 'grpc-status': 0, 'x-name': 'Amélie' }],
    ['a name in capitals', { 'Grpc-Status': 0 }],
    ['none', {}],
  ])('are those that Node sends: %s', async (_, trailers) => {
    const body = Buffer.alloc(100);
    answer = (stream) => {
      respond(stream, body, trailers);
    };
    const expected = await call();
    answer = (stream) => {
      sendTrailersPromptly(stream);
      respond(stream, body, trailers);
    };
    expect(await call()).toEqual(expected);
  });

  it('follow a response that the caller takes piece by piece', async () => {
    answer = (stream) => {
      sendTrailersPromptly(stream);
      respond(stream, Buffer.alloc(300_000), { 'grpc-status': 0 });
    };
    const narrow = connect(`http://127.0.0.1:${portOf(server)}`, { settings: { initialWindowSize: 1000 } });
    expect(await call(narrow)).toMatchObject({ bytes: 300_000, trailers: { 'grpc-status': '0' } });
    narrow.destroy();
  });

  it('are let be where the caller has gone', async () => {
    const problems: unknown[] = [];
    const ended = new Promise<void>((resolve) => {
      answer = (stream) => {
        sendTrailersPromptly(stream);
        stream.once('aborted', () => {
          try {
            stream.sendTrailers({ 'grpc-status': 0 });
          } catch (error) {
            problems.push(error);
          }
          resolve();
        });
        respond(stream, Buffer.alloc(10_000_000), { 'grpc-status': 0 });
      };
    });
    const stream = session.request({ ':method': 'POST' });
    stream.on('error', () => undefined);
    stream.once('response', () => {
      stream.close();
    });
    await ended;
    expect(problems).toMatchObject([{ code: 'ERR_HTTP2_INVALID_STREAM' }]);
    answer = (next) => {
      sendTrailersPromptly(next);
      respond(next, Buffer.alloc(1), { 'grpc-status': 0 });
    };
    expect(await call()).toMatchObject({ bytes: 1, trailers: { 'grpc-status': '0' } });
  });

  it('leave in one write with the response, on releases of Node that are known', async () => {
    answer = (stream) => {
      sendTrailersPromptly(stream);
      respond(stream, Buffer.alloc(1000), { 'grpc-status': 0 });
    };
    const writes: string[][] = [];
    const relay = createTcpServer((caller) => {
      const upstream = connectTcp(portOf(server), '127.0.0.1');
      upstream.on('data', (bytes: Buffer) => writes.push(framesOf(bytes)));
      upstream.pipe(caller).pipe(upstream);
    });
    await once(relay.listen(0, '127.0.0.1'), 'listening');
    const through = connect(`http://127.0.0.1:${portOf(relay)}`);
    await call(through);
    through.destroy();
    relay.close();
    const frames = writes.map((write) => write.filter((frame) => frame !== 'other')).filter(({ length }) => length > 0);
    expect(frames).toEqual(isKnownRelease ? [['head', 'data', 'trailers']] : expect.anything());
  });
});

/** The frames in what was written at once (RFC 9113, 4.1). */
function framesOf(bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    const [type, flags] = [bytes[at + 3], bytes[at + 4]];
    if (type === 0) frames.push('data');
    else if (type === 1) frames.push((flags & 1) === 1 ? 'trailers' : 'head');
    else frames.push('other');
  }
  return frames;
}
