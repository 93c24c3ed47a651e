import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';

/** Releases of Node whose HTTP/2 was read and tried. */
const knownReleases: readonly string[] = ['20', '22', '24'];

/** Whether trailers are sent promptly here. */
export const isKnownRelease = knownReleases.includes(process.versions.node.split('.')[0]);

/**
 * Sends the trailers of a stream that asks for them (`wantTrailers`), in one write with the end of its response. Node
 * sends them a turn of the event loop later, which first does whatever else has come, and a second write wakes the caller
 * a second time. It does so to be off the stack of nghttp2, which asks for them; but nghttp2 means them to be submitted
 * right there (https://nghttp2.org/documentation/nghttp2_submit_trailer.html). Node offers no way to do that but one of
 * its own, so on releases that are not known, and for trailers that are not plain, it is left to Node.
 */
export function sendTrailersNow(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  const handle = isKnownRelease && !stream.closed ? handleOf(stream) : undefined;
  const list = handle && headerList(headers);
  if (handle === undefined || list === undefined) stream.sendTrailers(headers);
  else if (handle.trailers(list) < 0) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}

/** What Node holds below a stream. */
interface StreamHandle {
  /** @returns below 0 where they can't be sent */
  trailers(headers: HeaderList): number;
}

/** Each header as `name NUL value NUL flags`, without a flag, and how many there are. */
type HeaderList = readonly [headers: string, count: number];

/** One for all streams. */
let handleKey: symbol | undefined;

/** `undefined` once the stream has ended. */
function handleOf(stream: ServerHttp2Stream): StreamHandle | undefined {
  handleKey ??= Object.getOwnPropertySymbols(stream).find(({ description }) => description === 'kHandle');
  const handle: unknown = handleKey && Reflect.get(stream, handleKey);
  return isHandle(handle) ? handle : undefined;
}

function isHandle(value: unknown): value is StreamHandle {
  return typeof value === 'object' && value !== null && 'trailers' in value && typeof value.trailers === 'function';
}

/** `undefined` where Node has to look more closely: for none, and for what is not plain ASCII. */
function headerList(headers: OutgoingHttpHeaders): HeaderList | undefined {
  let list = '';
  let count = 0;
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined) continue;
    if (!/^[a-z0-9_.-]+$/.test(name)) return undefined;
    for (const text of Array.isArray(value) ? value : [String(value)]) {
      if (!/^[\x20-\x7e]*$/.test(text)) return undefined;
      list += `${name}\0${text}\0\0`;
      count++;
    }
  }
  return count === 0 ? undefined : [list, count];
}
