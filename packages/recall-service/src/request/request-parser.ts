import type { Catalogue, FeatureColumns, IdColumn } from '@vector-recall/model-store';
import { z } from 'zod';
import { RecallRequestError } from '../errors';
import type { RecallInput, RecallLimits, RecallRequest, SimilarItemsRequest } from '../recall';
import { toQueryVector, type VectorShape } from './query-vector';
import { resolveId, resolveStrictId } from './resolve-id';

/** A request in rows of the catalogue. */
export interface ParsedRequest {
  /** -1 for a user that the model does not know. */
  readonly userRow: number;
  /** `[width]`, standardised as in training. */
  readonly features?: Float32Array;
  /** Item rows, oldest first; absent where the request gives no history. */
  readonly history?: Int32Array;
  readonly unknownHistoryItems: number;
  /** `[dim]`, given in place of a user. */
  readonly vector?: Float32Array;
  readonly topK: number;
  /** Item rows that are left out whether they were seen or not; absent where there are none. */
  readonly exclude?: Int32Array;
  readonly excludeSeen: boolean;
  readonly efSearch?: number;
}

export interface ParsedSimilarItems {
  /** Absent where the catalogue does not hold the item. */
  readonly itemRow?: number;
  readonly topK: number;
  readonly exclude?: Int32Array;
  readonly efSearch?: number;
}

export interface ParserOptions {
  readonly limits: RecallLimits;
  /** Whether an id must be of the kind of the catalogue's. */
  readonly strictIds: boolean;
  readonly vectors: VectorShape;
  /** What a request may rest on. */
  readonly inputs: readonly RecallInput[];
}

const id = z.union([z.string(), z.number()]);
const ids = z.array(id).readonly();

/** Turns requests into rows of the catalogue and inputs of the model, or refuses them with the field and its range. */
export class RequestParser {
  readonly #recall;
  readonly #similar;
  /** What each field must be, for messages. */
  readonly #expectations: Readonly<Record<string, string>>;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly options: ParserOptions,
  ) {
    const { maxTopK, maxEfSearch } = options.limits;
    const search = {
      topK: z.int().min(1).max(maxTopK),
      excludeItemIds: ids.optional(),
      efSearch: z.int().min(1).max(maxEfSearch).optional(),
    };
    this.#recall = z.strictObject({
      userId: id.optional(),
      // Typed arrays are ArrayLike, which zod has no schema for; entries are checked where they are read.
      features: z.custom<ArrayLike<number>>(isArrayLike).optional(),
      history: ids.optional(),
      queryVector: z.custom<ArrayLike<number>>(isArrayLike).optional(),
      excludeSeen: z.boolean().default(true),
      ...search,
    });
    this.#similar = z.strictObject({ itemId: id, ...search });
    this.#expectations = {
      userId: 'an integer or a string',
      itemId: 'an integer or a string',
      features: 'an array of numbers',
      history: 'an array of item ids, integers or strings',
      queryVector: 'an array of numbers',
      topK: `an integer from 1 to ${maxTopK}`,
      excludeItemIds: 'an array of item ids, integers or strings',
      excludeSeen: 'true or false',
      efSearch: `an integer from 1 to ${maxEfSearch}`,
    };
  }

  /**
   * @param entry the place in a batch, for messages
   * @throws RecallRequestError
   */
  parseRecall(request: RecallRequest, entry?: number): ParsedRequest {
    const parsed = this.#recall.safeParse(request);
    if (!parsed.success) throw this.#describe(parsed.error.issues[0], Object.keys(this.#recall.shape), entry);
    const { userId, features, history, queryVector, topK, excludeItemIds, excludeSeen, efSearch } = parsed.data;
    this.#checkInputs(parsed.data, entry);
    const { userIds, itemIds } = this.catalogue;
    const known = history && this.#rowsOf(itemIds, history, 'history', entry);
    return {
      userRow: userId === undefined ? -1 : (this.#rowOf(userIds, userId, 'userId', entry) ?? -1),
      features: features && standardise(features, this.catalogue.userFeatures, entry),
      history: known,
      unknownHistoryItems: (history?.length ?? 0) - (known?.length ?? 0),
      vector: queryVector && toQueryVector('queryVector', queryVector, this.options.vectors, entry),
      topK,
      exclude: excludeItemIds && this.#rowsOf(itemIds, excludeItemIds, 'excludeItemIds', entry),
      excludeSeen,
      efSearch,
    };
  }

  /** @throws RecallRequestError */
  parseSimilarItems(request: SimilarItemsRequest): ParsedSimilarItems {
    const parsed = this.#similar.safeParse(request);
    if (!parsed.success) throw this.#describe(parsed.error.issues[0], Object.keys(this.#similar.shape));
    const { itemId, topK, excludeItemIds, efSearch } = parsed.data;
    const { itemIds } = this.catalogue;
    return {
      itemRow: this.#rowOf(itemIds, itemId, 'itemId'),
      topK,
      exclude: excludeItemIds && this.#rowsOf(itemIds, excludeItemIds, 'excludeItemIds'),
      efSearch,
    };
  }

  /** A request brings a vector or says something of a user, never both; some models take vectors alone. */
  #checkInputs(given: Pick<RecallRequest, RecallInput>, entry: number | undefined): void {
    const ofUser = (['userId', 'history', 'features'] as const).find((field) => given[field] !== undefined);
    if (given.queryVector !== undefined && ofUser !== undefined) {
      throw new RecallRequestError(
        'queryVector',
        `queryVector and ${ofUser} are both set, but a request has one of them.`,
        entry,
      );
    }
    if (given.queryVector !== undefined || this.options.inputs.includes('userId')) return;
    const problem = ofUser === undefined ? 'queryVector is not set' : `${ofUser} is set`;
    throw new RecallRequestError(
      ofUser ?? 'queryVector',
      `${problem}, but the model knows no users; set queryVector and leave userId, history and features out.`,
      entry,
    );
  }

  #rowOf(column: IdColumn, value: number | string, field: string, entry?: number): number | undefined {
    return this.options.strictIds ? resolveStrictId(column, value, field, entry) : resolveId(column, value);
  }

  /** Rows of the ids that the column holds, in their order. */
  #rowsOf(column: IdColumn, values: readonly (number | string)[], field: string, entry?: number): Int32Array {
    const rows = new Int32Array(values.length);
    let count = 0;
    for (const value of values) {
      const row = this.#rowOf(column, value, field, entry);
      if (row !== undefined) rows[count++] = row;
    }
    return rows.subarray(0, count);
  }

  #describe(issue: z.core.$ZodIssue, known: readonly string[], entry?: number): RecallRequestError {
    if (issue.code === 'unrecognized_keys') {
      const [key] = issue.keys;
      return new RecallRequestError(key, `There is no field ${key}; a request has ${known.join(', ')}.`, entry);
    }
    const field = String(issue.path[0] ?? 'request');
    const expected = this.#expectations[field] ?? 'an object';
    return new RecallRequestError(field, `${field} must be ${expected}.`, entry);
  }
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
      throw new RecallRequestError('features', `features must be finite numbers, but ${names[column]} is not.`, entry);
    }
    if (standardisation === undefined) return value;
    return (value - standardisation.mean[column]) / standardisation.scale[column];
  });
}

function isArrayLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'length' in value && Number.isInteger(value.length);
}
