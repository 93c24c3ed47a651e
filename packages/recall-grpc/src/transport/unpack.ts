import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import type { CallStatus } from '../contract/status';
import { wordOf } from '../errors';

const unpackers = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
]);

/** Node unpacks on threads of its own, four of them; what more would be unpacked at once would only take memory. */
const AT_ONCE = 4;

let underWay = 0;
const waiting: (() => void)[] = [];

/**
 * Unpacks a compressed request, a few at once.
 * @param encoding as `grpc-encoding` names it
 * @param maxBytes that it may come to
 */
export async function unpack(
  bytes: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer | CallStatus> {
  const unpacker = unpackers.get(encoding ?? 'identity');
  if (unpacker === undefined) return unknownEncoding(encoding);
  if (underWay === AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else underWay++;
  try {
    return await unpacker(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (wordOf(error, 'code') === 'ERR_BUFFER_TOO_LARGE') {
      const details = `The request is larger than the ${maxBytes} bytes that this method takes, once unpacked.`;
      return { code: status.RESOURCE_EXHAUSTED, details };
    }
    return { code: status.INVALID_ARGUMENT, details: `The request is not valid ${encoding ?? 'identity'} data.` };
  } finally {
    const next = waiting.shift();
    if (next === undefined) underWay--;
    else next();
  }
}

function unknownEncoding(encoding: string | undefined): CallStatus {
  if (encoding === undefined || encoding === 'identity') {
    const details = 'The request says that it is compressed, but grpc-encoding does not say how.';
    return { code: status.INVALID_ARGUMENT, details };
  }
  const shown = encoding.length > 40 ? `${encoding.slice(0, 40)}…` : encoding;
  return {
    code: status.UNIMPLEMENTED,
    details: `The request is compressed with ${JSON.stringify(shown)}, but the server takes gzip and deflate.`,
  };
}
