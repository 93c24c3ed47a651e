import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
} from 'node:http2';
import { getHeapSpaceStatistics } from 'node:v8';
import { nameResponseOptions } from './response-options';

let server: Http2Server;
let session: ClientHttp2Session;
/** Answers the next calls. */
let answer: (stream: ServerHttp2Stream) => void;

beforeAll(async () => {
  server = createServer();
  server.on('stream', (stream) => {
    stream.resume();
    answer(stream);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  session = connect(`http://127.0.0.1:${address.port}`);
});

afterAll(async () => {
  session.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function call(): Promise<{ headers: IncomingHttpHeaders; trailers: object; text: string }> {
  const stream = session.request({ ':method': 'POST' });
  let headers: IncomingHttpHeaders = {};
  let trailers = {};
  stream.on('response', (received: IncomingHttpHeaders) => {
    headers = { ...received };
  });
  stream.on('trailers', (received: IncomingHttpHeaders) => {
    trailers = { ...received };
  });
  stream.end();
  let text = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk.toString();
  return { headers, trailers, text };
}

describe('a response with all its options named', () => {
  const head = { ':status': 201, 'x-note': 'a' };

  it.each<[string, ServerStreamResponseOptions | undefined]>([
    ['trailers to come', { waitForTrailers: true }],
    ['no body', { endStream: true }],
    ['no options', undefined],
  ])('is that of Node without the date: %s', async (_, options) => {
    const respond = (stream: ServerHttp2Stream): void => {
      stream.once('wantTrailers', () => {
        stream.sendTrailers({ 'x-end': 'b' });
      });
      stream.respond(head, options);
      if (options?.endStream !== true) stream.end('body');
    };
    answer = respond;
    const { headers, ...rest } = await call();
    answer = (stream) => {
      nameResponseOptions(stream);
      respond(stream);
    };
    const { date, ...others } = headers;
    expect(typeof date).toBe('string');
    expect(await call()).toEqual({ headers: others, ...rest });
  });

  it('leaves no hidden class behind', () => {
    const oldBytes = (): number =>
      getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;
    let sent: object = {};
    /** Does with the options what Node does. */
    class Stream {
      respond(_headers?: object, options?: ServerStreamResponseOptions): void {
        const own = { ...options };
        own.endStream = Boolean(own.endStream);
        sent = own;
      }
    }
    const stream = new Stream();
    nameResponseOptions(stream);
    const rounds = 20_000;
    const before = oldBytes();
    for (let i = 0; i < rounds; i++) stream.respond({}, { waitForTrailers: true });
    expect(sent).toEqual({ waitForTrailers: true, endStream: false, sendDate: false });
    expect((oldBytes() - before) / rounds).toBeLessThan(50);
  });
});
