import { FileContentError } from '@vector-recall/core-config';
import type { LiveItem } from '@vector-recall/live-index';
import type { UserEvent } from '@vector-recall/recall-grpc';
import { z } from 'zod';
import { linesOf } from './query-file';

const id = z.custom<string | number>((value) => typeof value === 'string' || Number.isSafeInteger(value), {
  error: 'an id is text or an integer up to 9007199254740991',
});

const itemSchema = z.strictObject({
  id,
  vector: z.array(z.number()).optional(),
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]))
    .optional(),
  name: z.string().optional(),
});

const eventSchema = z.strictObject({
  user: id,
  item: id,
  at: z.union([z.number(), z.iso.datetime()]).optional(),
  type: z.string().optional(),
});

/** One line of a file, and what it holds. */
export interface FileLine<Value> {
  readonly line: number;
  readonly value: Value;
}

/**
 * Reads items from JSON lines: `{"id": 7, "attributes": {"category": "shoes"}}` or `{"id": 7, "vector": [0.1, 0.2]}`.
 * @param file `-` for standard input
 * @throws FileError, FileContentError with the line that is wrong
 */
export function readItems(file: string): AsyncGenerator<FileLine<LiveItem>> {
  return readLines(file, itemSchema, ({ vector, ...item }) => {
    return vector === undefined ? item : { ...item, vector: Float32Array.from(vector) };
  });
}

/**
 * Reads events from JSON lines: `{"user": 7, "item": 9, "at": "2026-11-29T12:00:00Z", "type": "purchase"}`; a number is
 * seconds since 1970, without a time it is now, and without a type it is unknown.
 * @throws as {@link readItems}
 */
export function readEvents(file: string): AsyncGenerator<FileLine<UserEvent>> {
  return readLines(file, eventSchema, ({ user, item, at, type }) => {
    const ms = typeof at === 'string' ? Date.parse(at) : at === undefined ? undefined : at * 1000;
    return { userId: user, itemId: item, at: ms, type };
  });
}

async function* readLines<Schema extends z.ZodType, Value>(
  file: string,
  schema: Schema,
  toValue: (parsed: z.output<Schema>) => Value,
): AsyncGenerator<FileLine<Value>> {
  let line = 0;
  for await (const text of linesOf(file)) {
    line++;
    if (text.trim() === '') continue;
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) {
      yield { line, value: toValue(parsed.data) };
      continue;
    }
    const [{ path, message }] = parsed.error.issues;
    const at = path.length > 0 ? `${path.join('.')}: ` : '';
    throw new FileContentError(file, `${file}, line ${line}: ${at}${message}.`);
  }
}

/** @returns `undefined` for what is no JSON, which no schema takes */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What comes one by one, in groups of a size. */
export async function* inGroups<Value>(values: AsyncIterable<Value>, size: number): AsyncGenerator<Value[]> {
  let group: Value[] = [];
  for await (const value of values) {
    group.push(value);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
