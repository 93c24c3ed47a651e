import type { ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { StreamServer } from '../../testing/stream-server';
import { nameResponseOptions } from './response-options';

let server: StreamServer;
beforeAll(async () => {
  server = await StreamServer.open();
});
afterAll(() => server.close());

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
    server.answer = respond;
    const { headers, ...rest } = await server.call();
    server.answer = (stream) => {
      nameResponseOptions(stream);
      respond(stream);
    };
    const { date, ...others } = headers;
    expect(typeof date).toBe('string');
    expect(await server.call()).toEqual({ headers: others, ...rest });
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
    // What the tests before have left young grows old now, and not while this one counts.
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const rounds = 100_000;
    const before = oldBytes();
    for (let i = 0; i < rounds; i++) stream.respond({}, { waitForTrailers: true });
    expect(sent).toEqual({ waitForTrailers: true, endStream: false, sendDate: false });
    expect((oldBytes() - before) / rounds).toBeLessThan(50);
  });
});
