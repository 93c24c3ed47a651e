import type { Catalogue, FeatureColumns } from '@vector-recall/model-store';
import { z } from 'zod';
import { RecallRequestError } from '../errors';
import type { RecallRequest } from '../recall';
import { resolveId } from './resolve-id';

const MAX_TOP_K = 10_000;

const id = z.union([z.string(), z.number()]);

const requestSchema = z.strictObject({
  userId: id.optional(),
  // Typed arrays are ArrayLike, which zod has no schema for; entries are checked where they are read.
  features: z.custom<ArrayLike<number>>(isArrayLike).optional(),
  history: z.array(id).readonly().optional(),
  topK: z.int().min(1).max(MAX_TOP_K),
  excludeSeen: z.boolean().default(true),
});

/** What each field must be, for messages. */
const expectations: Readonly<Record<string, string>> = {
  userId: 'an integer or a string',
  features: 'an array of numbers',
  history: 'an array of item ids, integers or strings',
  topK: `an integer from 1 to ${MAX_TOP_K}`,
  excludeSeen: 'true or false',
};

/** A request in rows of the catalogue. */
export interface ParsedRequest {
  /** -1 for a user that the model does not know. */
  readonly userRow: number;
  /** `[width]`, standardised as in training. */
  readonly features?: Float32Array;
  /** Item rows, oldest first; absent where the request gives no history. */
  readonly history?: Int32Array;
  readonly unknownHistoryItems: number;
  readonly topK: number;
  readonly excludeSeen: boolean;
}

/**
 * @param entry the place in a batch, for messages
 * @throws RecallRequestError
 */
export function parseRequest(request: RecallRequest, catalogue: Catalogue, entry?: number): ParsedRequest {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) throw describeIssue(parsed.error.issues[0], entry);
  const { userId, features, history, topK, excludeSeen } = parsed.data;
  const known = history?.map((item) => resolveId(catalogue.itemIds, item)).filter((row) => row !== undefined);
  return {
    userRow: userId === undefined ? -1 : (resolveId(catalogue.userIds, userId) ?? -1),
    features: features && standardise(features, catalogue.userFeatures, entry),
    history: known && Int32Array.from(known),
    unknownHistoryItems: (history?.length ?? 0) - (known?.length ?? 0),
    topK,
    excludeSeen,
  };
}

function describeIssue(issue: z.core.$ZodIssue, entry: number | undefined): RecallRequestError {
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const known = Object.keys(expectations).join(', ');
    return new RecallRequestError(key, `There is no field ${key}; a request has ${known}.`, entry);
  }
  const field = String(issue.path[0] ?? 'request');
  const expected = expectations[field] ?? 'an object';
  return new RecallRequestError(field, `${field} must be ${expected}.`, entry);
}

function standardise(
  raw: ArrayLike<number>,
  stored: FeatureColumns | undefined,
  entry: number | undefined,
): Float32Array {
  if (stored === undefined) {
    throw new RecallRequestError('features', 'The model was trained without user features; leave features out.', entry);
  }
  const { width, names, standardisation } = stored;
  if (raw.length !== width) {
    throw new RecallRequestError(
      'features',
      `features has ${raw.length} values, but the model takes ${width}: ${names.join(', ')}.`,
      entry,
    );
  }
  return Float32Array.from(raw, (value, column) => {
    // The entries are the caller's, whatever their type says.
    if (!Number.isFinite(value)) {
      throw new RecallRequestError('features', `The feature ${names[column]} must be a finite number.`, entry);
    }
    if (standardisation === undefined) return value;
    return (value - standardisation.mean[column]) / standardisation.scale[column];
  });
}

function isArrayLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'length' in value && Number.isInteger(value.length);
}
