import { crc32 } from 'node:zlib';

/** The first bytes of every log. */
const MAGIC = 'VRLIVE\n';
export const FORMAT_VERSION = 1;
/** Magic, format version, CRC-32 of both. */
export const HEADER_BYTES = 16;
/** Length of a record and CRC-32 of its length and bytes. */
const FRAME_BYTES = 8;
/** Longer records are not written. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

export function logHeader(): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  header.writeUInt32LE(FORMAT_VERSION, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

/** What the header of a log says of it. */
export function readHeader(bytes: Buffer): 'current' | 'newer' | 'foreign' | 'damaged' {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'foreign';
  if (crc32(bytes.subarray(0, 12)) !== bytes.readUInt32LE(12)) return 'damaged';
  return bytes.readUInt32LE(8) === FORMAT_VERSION ? 'current' : 'newer';
}

/** Records as they stand in the file, one behind the other. */
export function frameRecords(payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(
    payloads.flatMap((payload) => {
      const frame = Buffer.alloc(FRAME_BYTES);
      frame.writeUInt32LE(payload.length, 0);
      frame.writeUInt32LE(crc32(payload, crc32(frame.subarray(0, 4))), 4);
      return [frame, payload];
    }),
  );
}

/**
 * The records in a log, up to the first that is not whole.
 * @returns where the whole ones end, in bytes from the beginning of the file
 */
export function readRecords(bytes: Buffer, take: (payload: Buffer) => void): number {
  let at = HEADER_BYTES;
  while (at + FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const end = at + FRAME_BYTES + length;
    if (length > MAX_RECORD_BYTES || end > bytes.length) break;
    const payload = bytes.subarray(at + FRAME_BYTES, end);
    if (crc32(payload, crc32(bytes.subarray(at, at + 4))) !== bytes.readUInt32LE(at + 4)) break;
    take(payload);
    at = end;
  }
  return at;
}

/** How far a log was acknowledged, as the bytes of the file beside it. */
export function packCommitted(length: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeDoubleLE(length, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

/** @returns `undefined` where the bytes are not whole */
export function readCommitted(bytes: Buffer): number | undefined {
  if (bytes.length !== 12 || crc32(bytes.subarray(0, 8)) !== bytes.readUInt32LE(8)) return undefined;
  return bytes.readDoubleLE(0);
}
