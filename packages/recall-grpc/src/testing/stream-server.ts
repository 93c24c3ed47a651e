import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';

/** What a caller has received. */
export interface ReceivedResponse {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

/** A bare HTTP/2 server over a real socket, with a connection to it: for what is done to single streams. */
export class StreamServer {
  /** Answers the next calls. */
  answer: (stream: ServerHttp2Stream) => void = (stream) => {
    stream.respond(undefined, { endStream: true });
  };
  readonly #opened = new Set<{ destroy: () => void }>();

  private constructor(
    private readonly server: Http2Server,
    readonly port: number,
    readonly session: ClientHttp2Session,
  ) {
    server.on('session', (session) => this.#opened.add(session));
    server.on('stream', (stream) => {
      stream.resume();
      this.answer(stream);
    });
  }

  static async open(): Promise<StreamServer> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    return new StreamServer(server, address.port, connect(`http://127.0.0.1:${address.port}`));
  }

  async call(session = this.session): Promise<ReceivedResponse> {
    const stream = session.request({ ':method': 'POST' });
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.on('response', (received: IncomingHttpHeaders) => {
      headers = { ...received };
    });
    stream.on('trailers', (received: IncomingHttpHeaders) => {
      trailers = { ...received };
    });
    stream.end('request');
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    return { headers, body: Buffer.concat(chunks), trailers };
  }

  async close(): Promise<void> {
    this.session.destroy();
    // Some releases of Node would wait for a stream whose caller has gone.
    for (const session of this.#opened) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
