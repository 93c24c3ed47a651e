import { EventEmitter } from 'node:events';
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import type { CallStatus } from './status';

type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;

/**
 * Puts a look at each new call before grpc-js takes it up. To set a call up and take it down again costs grpc-js as
 * much as HTTP/2 itself, and a third of what an answer costs: in an overload that is time taken from those that are
 * answered. The HTTP/2 servers are its own affair: where it does not keep them where 1.14 does, all calls go its way.
 *
 * @param refusalOf what a call of this path is refused with, if it is
 */
export function refuseEarly(server: Server, refusalOf: (path: string) => CallStatus | undefined): void {
  const http2Servers: unknown = Reflect.get(server, 'http2Servers');
  if (!(http2Servers instanceof Map)) return;
  for (const http2Server of http2Servers.keys()) {
    if (!(http2Server instanceof EventEmitter)) continue;
    for (const listener of http2Server.listeners('stream') as StreamListener[]) {
      http2Server.removeListener('stream', listener);
      http2Server.on('stream', (...event: Parameters<StreamListener>) => {
        const [stream, headers] = event;
        const refusal = refusalOf(headers[':path'] ?? '');
        if (refusal === undefined) listener(...event);
        else refuse(stream, refusal);
      });
    }
  }
}

function refuse(stream: ServerHttp2Stream, { code, details }: CallStatus): void {
  // The caller has gone: there is nobody to tell.
  stream.on('error', () => undefined);
  const head = {
    [constants.HTTP2_HEADER_STATUS]: 200,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc+proto',
  };
  stream.respond({ ...head, 'grpc-status': String(code), 'grpc-message': encodeURI(details) }, { endStream: true });
  // Lets the request go by.
  stream.resume();
}
