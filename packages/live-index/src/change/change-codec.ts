import { z } from 'zod';
import type { Change, StreamOffset } from './change';

/**
 * What a log holds: changes, in one that was compacted the ids of changes that it no longer holds, and in one that follows
 * a stream how far it does.
 */
export type LogEntry =
  | Change
  | { readonly kind: 'applied'; readonly changeIds: readonly string[] }
  | ({ readonly kind: 'offset' } & StreamOffset);

const id = z.union([z.int(), z.string()]);
const changeFields = { seq: z.int().min(1), changeId: z.string().optional() };
const attribute = z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number()]))]);

const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('upsert-item'),
    ...changeFields,
    item: z.object({
      id,
      /** float32, little-endian, in base64. */
      vector: z.base64().optional(),
      attributes: z.record(z.string(), attribute).optional(),
      name: z.string().optional(),
    }),
  }),
  z.object({ kind: z.literal('delete-item'), ...changeFields, id }),
  z.object({
    kind: z.literal('upsert-user'),
    ...changeFields,
    user: z.object({ id, features: z.array(z.number()).optional() }),
  }),
  z.object({ kind: z.literal('delete-user'), ...changeFields, id }),
  z.object({
    kind: z.literal('append-events'),
    ...changeFields,
    userId: id,
    events: z.array(z.object({ itemId: id, at: z.number(), type: z.string().optional() })),
  }),
  z.object({ kind: z.literal('applied'), changeIds: z.array(z.string()) }),
  z.object({ kind: z.literal('offset'), stream: z.string(), position: z.int().min(0), seq: z.int().min(0) }),
]);

/** An entry as the bytes of one record: JSON, with vectors in base64. */
export function encodeEntry(entry: LogEntry): Buffer {
  if (entry.kind !== 'upsert-item' || entry.item.vector === undefined) return Buffer.from(JSON.stringify(entry));
  const vector = packVector(entry.item.vector);
  return Buffer.from(JSON.stringify({ ...entry, item: { ...entry.item, vector } }));
}

/** @returns `undefined` for bytes that are no entry */
export function decodeEntry(bytes: Buffer): LogEntry | undefined {
  const entry = entrySchema.safeParse(parseJson(bytes)).data;
  if (entry?.kind !== 'upsert-item') return entry;
  const { vector, ...item } = entry.item;
  return { ...entry, item: vector === undefined ? item : { ...item, vector: unpackVector(vector) } };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function packVector({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function unpackVector(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const vector = new Float32Array(Math.floor(bytes.length / 4));
  bytes.copy(Buffer.from(vector.buffer));
  return vector;
}
