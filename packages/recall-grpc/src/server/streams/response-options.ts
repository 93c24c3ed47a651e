import type { OutgoingHttpHeaders, ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2';

/**
 * Names the options of a response that Node fills in itself, in ways that V8 is slow at (4 % of the event loop's time):
 *
 * - grpc-js leaves `endStream` out, so Node spreads what it is given and then sets it. In the V8 of Node 20 an object that
 *   is spread and then gets a further property has a hidden class of its own: 144 bytes that only a collection of the
 *   whole heap frees, and a missed cache for every line that reads the options.
 * - Node adds a `date` to the headers, which misses the cache each time, since they are a dictionary by then. gRPC has no
 *   use for it (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Responses).
 */
export function nameResponseOptions(stream: Responding): void {
  stream.respond = respondWithAllNamed;
}

type Responding = Pick<ServerHttp2Stream, 'respond'>;

function respondWithAllNamed(
  this: Responding,
  headers?: OutgoingHttpHeaders,
  options?: ServerStreamResponseOptions,
): void {
  // The method of the class is hidden by ours.
  const { respond } = Reflect.getPrototypeOf(this) as Responding;
  const named = { endStream: false, sendDate: false, ...options };
  respond.call(this, headers, named);
}
