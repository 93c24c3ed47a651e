import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { Server as NetServer, type Socket } from 'node:net';
import type { Server } from '@grpc/grpc-js';
import { TransportError } from '../errors';

/** What happens on the HTTP/2 servers below a server of grpc-js. */
export interface Http2Listener {
  onSession(session: ServerHttp2Session, socket: Socket): void;
  /** @returns whether the call was taken over, so that grpc-js need not see it */
  onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean;
}

type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;

/**
 * Listens on the HTTP/2 servers of a bound server before grpc-js does. They are private to it, which is why its release
 * is pinned: a release that keeps them elsewhere must not start a server that, say, takes calls without their tokens.
 *
 * @param maxConnections that each of them accepts at once
 * @throws TransportError
 */
export function listenFirst(server: Server, maxConnections: number, listener: Http2Listener): void {
  const http2Servers: unknown = Reflect.get(server, 'http2Servers');
  const found = http2Servers instanceof Map ? [...http2Servers.keys()] : [];
  if (found.length === 0) throw unsupported();
  for (const http2Server of found) {
    if (!(http2Server instanceof EventEmitter) || !(http2Server instanceof NetServer)) throw unsupported();
    http2Server.maxConnections = maxConnections;
    // A session begins while its socket is told of, and shows no more than a stand-in of it.
    let socket: Socket | undefined;
    for (const event of ['connection', 'secureConnection']) {
      http2Server.prependListener(event, (connected: Socket) => {
        socket = connected;
      });
    }
    http2Server.prependListener('session', (session: ServerHttp2Session) => {
      if (socket !== undefined) listener.onSession(session, socket);
    });
    const others = http2Server.listeners('stream') as StreamListener[];
    http2Server.removeAllListeners('stream');
    http2Server.on('stream', (...event: Parameters<StreamListener>) => {
      const [stream, headers] = event;
      if (listener.onStream(stream, headers)) return;
      for (const other of others) other(...event);
    });
  }
}

function unsupported(): TransportError {
  return new TransportError('This release of @grpc/grpc-js is not supported; install the one that package.json names.');
}
