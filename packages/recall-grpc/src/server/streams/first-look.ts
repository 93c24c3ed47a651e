import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';

/** @returns whether the call was dealt with, so that grpc-js need not see it */
export type FirstLook = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;

type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;

/**
 * Puts a look at each new call before grpc-js takes it up. The HTTP/2 servers are its own affair: where it does not keep
 * them where 1.14 does, all calls go its way.
 */
export function lookFirst(server: Server, look: FirstLook): void {
  const http2Servers: unknown = Reflect.get(server, 'http2Servers');
  if (!(http2Servers instanceof Map)) return;
  for (const http2Server of http2Servers.keys()) {
    if (!(http2Server instanceof EventEmitter)) continue;
    for (const listener of http2Server.listeners('stream') as StreamListener[]) {
      http2Server.removeListener('stream', listener);
      http2Server.on('stream', (...event: Parameters<StreamListener>) => {
        const [stream, headers] = event;
        if (!look(stream, headers)) listener(...event);
      });
    }
  }
}
