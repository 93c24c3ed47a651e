import { open } from 'node:fs/promises';
import {
  AttributeSchema,
  AttributeTable,
  secondsOf,
  type Attribute,
  type AttributeKind,
  type AttributeRecord,
} from '@vector-recall/item-catalogue';
import { unreadable } from '@vector-recall/model-store';
import { z } from 'zod';
import { OwnVectorsError } from './errors';
import type { ItemIds } from './read-ids';

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())], {
  error: 'an attribute is text, a number, true, false, null or a list of texts',
});
const line = z
  .object({ id: z.union([z.string(), z.int()], { error: 'id must be text or an integer' }) })
  .catchall(value);

export interface ItemAttributes {
  readonly table: AttributeTable;
  /** Lines of items that have no vector. */
  readonly unknownItems: number;
}

/**
 * Reads JSON lines of `{"id": …, "brand": "x", "tags": ["a", "b"], "price": 9.5, "added": "2026-01-31"}`. An attribute
 * whose values are all numbers is a number, one whose values are all ISO 8601 dates is a date, any other has labels. Of
 * an item with several lines the last one counts; items without a line have no attributes.
 *
 * @throws ArtifactFileError, OwnVectorsError with the line that is wrong
 */
export async function readItemAttributes(file: string, ids: ItemIds): Promise<ItemAttributes> {
  const records = new Array<AttributeRecord>(ids.size).fill({});
  let unknownItems = 0;
  let number = 0;
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  for await (const text of handle.readLines({ encoding: 'utf8' })) {
    number++;
    if (text.trim() === '') continue;
    const { id, ...record } = parseLine(file, number, text);
    const row = ids.rowOf(ids.kind === 'string' ? String(id) : id);
    if (row === undefined) unknownItems++;
    else records[row] = record;
  }
  const schema = new AttributeSchema(guessAttributes(records));
  return { table: AttributeTable.fromRecords(schema, records), unknownItems };
}

function parseLine(file: string, number: number, text: string): z.output<typeof line> {
  const refuse = (problem: string): never => {
    throw new OwnVectorsError(file, `Line ${number} of ${file}: ${problem}.`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('this is not JSON; give one object a line, as in {"id": 7, "price": 9.5}');
  }
  const parsed = line.safeParse(json);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  return refuse(path.length > 0 ? `${path.join('.')}: ${message}` : 'give an object with an id');
}

function guessAttributes(records: readonly AttributeRecord[]): Attribute[] {
  const kinds = new Map<string, AttributeKind>();
  for (const record of records) {
    for (const [name, given] of Object.entries(record)) {
      if (given === null || given === undefined) continue;
      const before = kinds.get(name);
      const kind =
        typeof given === 'number'
          ? 'number'
          : typeof given === 'string' && !Number.isNaN(secondsOf(given))
            ? 'date'
            : 'labels';
      kinds.set(name, before === undefined || before === kind ? kind : 'labels');
    }
  }
  return Array.from(kinds, ([name, kind]) => ({ name, kind }));
}
