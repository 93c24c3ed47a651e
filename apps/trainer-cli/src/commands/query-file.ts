import { createReadStream } from 'node:fs';
import { fileErrorOf, FileContentError } from '@vector-recall/core-config';
import type { RecallQuery } from '@vector-recall/recall-grpc';
import { z } from 'zod';
import type { IdKind } from './id-text';

/** The longest line of a file of queries, in characters: room for a vector or a history of tens of thousands of values. */
export const MOST_LINE_CHARACTERS = 1 << 20;

const id = z.custom<string | number>((value) => typeof value === 'string' || Number.isSafeInteger(value), {
  error: 'an id is text or an integer up to 9007199254740991',
});

const querySchema = z.strictObject({
  user: id.optional(),
  history: z.array(id).optional(),
  types: z.array(z.string()).optional(),
  weights: z.array(z.number()).optional(),
  negative: z.array(id).optional(),
  features: z.array(z.number()).optional(),
  context: z.record(z.string(), z.string()).optional(),
  vector: z.array(z.number()).optional(),
  topK: z.int().min(1).optional(),
  exclude: z.array(id).optional(),
  filter: z.string().optional(),
  rules: z
    .strictObject({
      pool: z.int().optional(),
      caps: z.array(z.strictObject({ attribute: z.string(), most: z.int() })).optional(),
      diversity: z.strictObject({ lambda: z.number() }).optional(),
      decays: z.array(z.strictObject({ attribute: z.string(), halfLife: z.number() })).optional(),
      boosts: z.array(z.strictObject({ attribute: z.string(), weight: z.number() })).optional(),
      promoted: z.strictObject({ itemIds: z.array(id), quota: z.int() }).optional(),
    })
    .optional(),
});

/** One line of a file of queries. */
export interface FileQuery {
  readonly line: number;
  readonly query: RecallQuery;
}

export interface QueryFileOptions {
  readonly userIdKind: IdKind;
  readonly itemIdKind: IdKind;
  /** For lines that name none of their own. */
  readonly topK: number;
  readonly excludeSeen: boolean;
}

/**
 * Reads queries from JSON lines, each an id or an object: `"u7"`, `7`, `{"user": 7, "history": [1, 2], "topK": 50}`.
 * Blank lines are skipped.
 *
 * @throws FileError, FileContentError with the line that is wrong
 */
export async function* readQueries(file: string, options: QueryFileOptions): AsyncGenerator<FileQuery> {
  let line = 0;
  for await (const text of linesOf(file)) {
    line++;
    if (text.trim() !== '') yield { line, query: parseQuery(text, `${file}, line ${line}`, file, options) };
  }
}

function parseQuery(text: string, place: string, file: string, options: QueryFileOptions): RecallQuery {
  const fail = (problem: string): never => {
    throw new FileContentError(file, `${place}: ${problem}.`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('this is not JSON; give one id or object a line, and text in double quotes');
  }
  const parsed = querySchema.safeParse(typeof json === 'object' ? json : { user: json });
  if (!parsed.success) return fail(describe(parsed.error.issues[0]));
  const { user, history, types, features, context, vector, topK, exclude, filter, rules, weights, negative } =
    parsed.data;
  const idOf = (given: number | string, kind: IdKind, name: string): number | string => {
    if ((typeof given === 'number') === (kind === 'integer')) return given;
    const kinds = kind === 'integer' ? 'integers, as in 7' : 'text, as in "7"';
    return fail(`${name} has ${JSON.stringify(given)}, but the ids of this model are ${kinds}`);
  };
  return {
    userId: user === undefined ? undefined : idOf(user, options.userIdKind, 'user'),
    history: history?.map((each) => idOf(each, options.itemIdKind, 'history')),
    historyTypes: types,
    historyWeights: weights,
    negativeItemIds: negative?.map((each) => idOf(each, options.itemIdKind, 'negative')),
    features,
    context,
    queryVector: vector,
    topK: topK ?? options.topK,
    excludeItemIds: exclude?.map((each) => idOf(each, options.itemIdKind, 'exclude')),
    excludeSeen: options.excludeSeen,
    filter,
    rules,
  };
}

function describe({ code, path, message }: z.core.$ZodIssue): string {
  if (path.length > 0) return `${path.join('.')}: ${message}`;
  const keys = Object.keys(querySchema.shape).join(', ');
  return code === 'unrecognized_keys' ? `there is a key that is none of ${keys}` : `give an id or an object of ${keys}`;
}

/** The lines of a UTF-8 file, or of standard input for `-`. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw new FileContentError(file, `${file} is not UTF-8 text; save it as UTF-8.`, { cause });
    }
  };
  for await (const bytes of bytesOf(file)) {
    const lines = (rest + decode(bytes)).split('\n');
    rest = lines.pop() ?? '';
    if (Math.max(rest.length, ...lines.map(({ length }) => length)) > MOST_LINE_CHARACTERS) {
      throw new FileContentError(
        file,
        `${file} has a line of more than ${MOST_LINE_CHARACTERS.toLocaleString('en')} characters; give each query a line of its own.`,
      );
    }
    yield* lines;
  }
  rest += decode();
  if (rest !== '') yield rest;
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file);
  try {
    yield* stream;
  } catch (error) {
    throw fileErrorOf(file, 'read', error);
  }
}
