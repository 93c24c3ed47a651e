import type { IncomingHttpHeaders } from 'node:http2';

/** The header and the trailer that hold it. */
export const REQUEST_ID = 'x-request-id';

/** Longer ones are not taken over: they would only fill logs and headers. */
const MAX_LENGTH = 128;

/** Printable ASCII, which headers can carry as it is. */
const PLAIN = /^[\x20-\x7e]+$/;

/** The id under which the caller knows the call. */
export function givenRequestId(headers: IncomingHttpHeaders): string | undefined {
  const given = headers[REQUEST_ID];
  return typeof given === 'string' && given.length <= MAX_LENGTH && PLAIN.test(given) ? given : undefined;
}
