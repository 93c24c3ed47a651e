import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { CallEnd } from '../pipeline/call';
import { REQUEST_ID } from '../observe/request-id';
import { sendTrailersNow } from './prompt-trailers';

/** Names all that Node would fill in: an object that is spread and then gets a further property is slow in V8. */
const withBody = { endStream: false, waitForTrailers: true, sendDate: false };
const withoutBody = { endStream: true, waitForTrailers: false, sendDate: false };

/** Of the frame around a message: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;

function head(): OutgoingHttpHeaders {
  return {
    [constants.HTTP2_HEADER_STATUS]: 200,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc+proto',
    'grpc-accept-encoding': 'identity,deflate,gzip',
  };
}

function statusHeaders({ code, details, requestId }: CallEnd): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { 'grpc-status': String(code) };
  if (details !== '') headers['grpc-message'] = encodeURI(details);
  if (requestId !== undefined) headers[REQUEST_ID] = requestId;
  return headers;
}

/** Sends the end of a call (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Responses). */
export function endCall(stream: ServerHttp2Stream, end: CallEnd): void {
  // The caller may have gone: then there is nobody to tell.
  if (stream.destroyed || stream.closed) return;
  const { response } = end;
  if (response === undefined) {
    stream.respond({ ...head(), ...statusHeaders(end) }, withoutBody);
    stopReceiving(stream);
    return;
  }
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + response.length);
  frame[0] = 0;
  frame.writeUInt32BE(response.length, 1);
  response.copy(frame, PREFIX_BYTES);
  stream.once('wantTrailers', () => {
    sendTrailersNow(stream, statusHeaders(end));
  });
  stream.respond(head(), withBody);
  stream.end(frame);
}

/** Tells a caller that still sends to stop (RFC 9113, 8.1), and lets go by what has come meanwhile. */
function stopReceiving(stream: ServerHttp2Stream): void {
  stream.resume();
  if (stream.readableEnded) return;
  // Once the status is on its way: Node 22 drops what waits to be sent on a stream that is closed.
  setImmediate(() => {
    if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}
