import { createReadStream } from 'node:fs';
import type { z } from 'zod';
import { ArtifactFileError, unreadable } from '../errors';

/**
 * Reads one JSON value per line, and yields them many at a time, since a turn of the event loop for each would take
 * longer than to parse it. Lines end at a line feed only: unlike `node:readline`, which also splits at U+2028, a
 * character that JSON strings may hold.
 *
 * @throws ArtifactFileError, with the line, where one is not JSON or not what the schema asks
 */
export async function* readLines<T>(file: string, schema: z.ZodType<T>): AsyncGenerator<T[]> {
  let number = 0;
  for await (const lines of splitLines(file)) yield lines.map((line) => parseLine(file, ++number, line, schema));
}

async function* splitLines(file: string): AsyncGenerator<string[]> {
  const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
  const pieces: AsyncIterator<string> = stream[Symbol.asyncIterator]();
  let rest = '';
  for (;;) {
    const piece = await nextPiece(file, pieces);
    if (piece === undefined) break;
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') {
    throw new ArtifactFileError(file, 'truncated', `${file} ends in the middle of a line; copy or write it again.`);
  }
}

async function nextPiece(file: string, pieces: AsyncIterator<string>): Promise<string | undefined> {
  try {
    const next = await pieces.next();
    return next.done === true ? undefined : next.value;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function parseLine<T>(file: string, number: number, line: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(file, number, line));
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const where = path.length > 0 ? `${path.join('.')}: ` : '';
  throw new ArtifactFileError(file, 'damaged', `${file}:${number}: ${where}${message}; write it again.`);
}

function parseJson(file: string, number: number, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ArtifactFileError(file, 'damaged', `${file}:${number}: not valid JSON; write it again.`, { cause });
  }
}
