import { isUtf8 } from 'node:buffer';
import { DatasetError } from '../errors';
import { decompressedChunks } from './byte-chunks';
import { unreadable } from './files';

export type TextEncoding = 'utf8' | 'latin1';

const LINE_FEED = 10;

/**
 * The text of a file in pieces, without its byte order mark. Files compressed with gzip or zstd are unpacked on the way;
 * UTF-16 is recognised by its byte order mark.
 *
 * @throws DatasetError when the file can't be read, is no text, or is not in the encoding; with the line in that case
 */
export async function* textChunks(file: string, encoding: TextEncoding): AsyncGenerator<string, void, void> {
  try {
    let decoder: Decoder | undefined;
    for await (const chunk of decompressedChunks(file)) {
      decoder ??= decoderFor(file, chunk, encoding);
      yield decoder.decode(chunk);
    }
    const rest = decoder?.end() ?? '';
    if (rest !== '') yield rest;
  } catch (error) {
    if (error instanceof NotUtf8) throw await describeNotUtf8(file, error);
    throw unreadable(file, error);
  }
}

/** Line ends of all three kinds, mixed or not, become line feeds. */
export async function* withLineFeeds(chunks: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let held = '';
  for await (const chunk of chunks) {
    const text = held + chunk;
    // The line feed that belongs to a carriage return may come with the next chunk.
    held = text.endsWith('\r') ? '\r' : '';
    const whole = held === '' ? text : text.slice(0, -1);
    yield whole.includes('\r') ? whole.replace(/\r\n?/g, '\n') : whole;
  }
  if (held !== '') yield '\n';
}

/** The whole text of a small file. */
export async function readText(file: string, encoding: TextEncoding = 'utf8'): Promise<string> {
  let text = '';
  for await (const chunk of textChunks(file, encoding)) text += chunk;
  return text;
}

/** The first line of a UTF-8 file without its end, empty for an empty file. */
export async function readFirstLine(file: string): Promise<string> {
  let text = '';
  for await (const chunk of withLineFeeds(textChunks(file, 'utf8'))) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0];
}

interface Decoder {
  decode(chunk: Uint8Array): string;
  end(): string;
}

/** Thrown inside this file for bytes that are not UTF-8. */
class NotUtf8 extends Error {
  constructor(
    /** How many bytes of the text come before the piece that they are in. */
    readonly offset: number,
    readonly piece: Buffer,
  ) {
    super('not UTF-8');
  }
}

function decoderFor(file: string, start: Uint8Array, encoding: TextEncoding): Decoder {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return webDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return webDecoder('utf-16be');
  if (start.includes(0)) {
    throw new DatasetError('DATASET_FILE_UNREADABLE', 'this file is binary, not text; export it as text.', { file });
  }
  if (encoding === 'latin1') return { decode: (chunk) => Buffer.from(chunk).toString('latin1'), end: () => '' };
  return new Utf8Decoder();
}

function webDecoder(label: 'utf-16le' | 'utf-16be'): Decoder {
  const decoder = new TextDecoder(label);
  return { decode: (chunk) => decoder.decode(chunk, { stream: true }), end: () => decoder.decode() };
}

/** Decodes strictly, some times faster than a TextDecoder that does. */
class Utf8Decoder implements Decoder {
  #held = Buffer.alloc(0);
  #offset = 0;

  decode(chunk: Uint8Array): string {
    const bytes =
      this.#held.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([this.#held, chunk]);
    const end = bytes.length - unfinished(bytes);
    this.#held = Buffer.from(bytes.subarray(end));
    return this.#text(bytes.subarray(0, end));
  }

  end(): string {
    return this.#text(this.#held);
  }

  #text(bytes: Buffer): string {
    if (!isUtf8(bytes)) throw new NotUtf8(this.#offset, bytes);
    const hasMark = this.#offset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.#offset += bytes.length;
    return bytes.toString('utf8', hasMark ? 3 : 0);
  }
}

/** How many bytes at the end begin a character that goes on in the next chunk. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

async function describeNotUtf8(file: string, { offset, piece }: NotUtf8): Promise<DatasetError> {
  let line = 1 + (await countLineFeeds(file, offset));
  let start = 0;
  for (let end = piece.indexOf(LINE_FEED); end >= 0 && isUtf8(piece.subarray(start, end));) {
    line++;
    start = end + 1;
    end = piece.indexOf(LINE_FEED, start);
  }
  return new DatasetError(
    'DATASET_FILE_UNREADABLE',
    'this line is not UTF-8; add "encoding: latin1" to dataset.yaml, or convert the file to UTF-8.',
    { file, line },
  );
}

/** Line feeds among the first bytes of the unpacked file. Read again, so that nobody pays for it who has no such file. */
async function countLineFeeds(file: string, bytes: number): Promise<number> {
  let count = 0;
  let left = bytes;
  for await (const chunk of decompressedChunks(file)) {
    const part = chunk.subarray(0, left);
    for (const byte of part) if (byte === LINE_FEED) count++;
    left -= part.length;
    if (left === 0) break;
  }
  return count;
}
