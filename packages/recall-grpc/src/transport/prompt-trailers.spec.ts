import { once } from 'node:events';
import { connect, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { StreamServer } from '../testing/stream-server';
import { isKnownRelease, sendTrailersNow } from './prompt-trailers';

let server: StreamServer;
beforeAll(async () => {
  server = await StreamServer.open();
});
afterAll(() => server.close());

type SendTrailers = typeof sendTrailersNow;

const sendAsNode: SendTrailers = (stream, headers) => {
  stream.sendTrailers(headers);
};

/** Sends a body and trailers. */
function respond(
  stream: ServerHttp2Stream,
  body: Buffer,
  trailers: OutgoingHttpHeaders,
  send: SendTrailers = sendTrailersNow,
): void {
  stream.on('error', () => undefined);
  stream.respond({ ':status': 200 }, { waitForTrailers: true });
  stream.once('wantTrailers', () => {
    send(stream, trailers);
  });
  stream.end(body);
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
    server.answer = (stream) => {
      respond(stream, body, trailers, sendAsNode);
    };
    const { trailers: expected, body: sent } = await server.call();
    server.answer = (stream) => {
      respond(stream, body, trailers);
    };
    expect(await server.call()).toMatchObject({ trailers: expected, body: sent });
  });

  it('follow a response that the caller takes piece by piece', async () => {
    server.answer = (stream) => {
      respond(stream, Buffer.alloc(300_000), { 'grpc-status': 0 });
    };
    const narrow = connect(`http://127.0.0.1:${server.port}`, { settings: { initialWindowSize: 1000 } });
    const { body, trailers } = await server.call(narrow);
    expect([body.length, trailers['grpc-status']]).toEqual([300_000, '0']);
    narrow.destroy();
  });

  it('are let be where the caller has gone', async () => {
    const problems: unknown[] = [];
    const ended = new Promise<void>((resolve) => {
      server.answer = (stream) => {
        stream.once('close', () => {
          try {
            sendTrailersNow(stream, { 'grpc-status': 0 });
          } catch (error) {
            problems.push(error);
          }
          resolve();
        });
        respond(stream, Buffer.alloc(10_000_000), { 'grpc-status': 0 });
      };
    });
    const stream = server.session.request({ ':method': 'POST' });
    stream.on('error', () => undefined);
    stream.once('response', () => {
      stream.close();
    });
    await ended;
    expect(problems).toMatchObject([{ code: 'ERR_HTTP2_INVALID_STREAM' }]);
    server.answer = (next) => {
      respond(next, Buffer.alloc(1), { 'grpc-status': 0 });
    };
    expect((await server.call()).trailers).toMatchObject({ 'grpc-status': '0' });
  });

  (isKnownRelease ? it : it.skip)('leave in one write with the response on a known release of Node', async () => {
    server.answer = (stream) => {
      respond(stream, Buffer.alloc(1000), { 'grpc-status': 0 });
    };
    const writes: string[][] = [];
    const relay = createTcpServer((caller) => {
      const upstream = connectTcp(server.port, '127.0.0.1');
      upstream.on('data', (bytes: Buffer) => writes.push(framesOf(bytes)));
      upstream.pipe(caller).pipe(upstream);
    });
    await once(relay.listen(0, '127.0.0.1'), 'listening');
    const through = connect(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`);
    await server.call(through);
    through.destroy();
    relay.close();
    const frames = writes.map((write) => write.filter((frame) => frame !== 'other')).filter(({ length }) => length > 0);
    expect(frames).toEqual([['head', 'data', 'trailers']]);
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
