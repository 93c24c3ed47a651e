import { constants, type ServerHttp2Stream } from 'node:http2';
import type { CallStatus } from '../status';

/**
 * Ends a call that grpc-js has not taken up. To set a call up and take it down again costs grpc-js as much as HTTP/2
 * itself, and a third of what an answer costs: in an overload that is time taken from those that are answered.
 */
export function refuse(stream: ServerHttp2Stream, { code, details }: CallStatus): void {
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
