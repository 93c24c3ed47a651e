import type { AttributeSchema, Filter, RowSet } from '@vector-recall/item-catalogue';
import { numbersOf, type Catalogue, type IdColumn } from '@vector-recall/model-store';
import { shownLimits } from '../shown/shown-items';
import { parseRules, type ParsedRules } from '../rules/parse-rules';
import { isFilterProblem, type FilterCompiler } from '../filtering/filter-compiler';
import { MAX_EXAMPLES } from '../encoding/examples';
import { contextLabels } from './context-labels';
import type { RecallInput, RecallLimits, RecallRequest, SimilarItemsRequest } from '../recall';
import { standardise } from './features';
import { FieldChecks, isRecord, isStrings } from './field-checks';
import type { FieldNames } from './field-names';
import { toQueryVector, type VectorShape } from './query-vector';
import { resolveId } from './resolve-id';

/** A request in rows of the catalogue. */
export interface ParsedRequest {
  /** -1 for a user that the model does not know. */
  readonly userRow: number;
  /** `[width]`, standardised as in training. */
  readonly features?: Float32Array;
  /** For each part of the context the label, -1 where it is unknown; absent where the request says nothing of it. */
  readonly context?: readonly number[];
  /** Item rows, oldest first; absent where the request gives no history. */
  readonly history?: Int32Array;
  /** `[history]`: the type of the event with each item, -1 where it is unknown; absent where the request names none. */
  readonly historyTypes?: Int32Array;
  readonly unknownHistoryItems: number;
  /** Absent where the request says nothing of what was shown. */
  readonly shown?: ParsedShown;
  /** `[history]`: how much each item counts; absent where the model alone reads them. */
  readonly weights?: Float64Array;
  /** Rows of items that the user does not want; absent where there are none. */
  readonly unwanted?: Int32Array;
  /** `[dim]`, given in place of a user. */
  readonly vector?: Float32Array;
  readonly topK: number;
  /** Item rows that are excluded whether they were seen or not; absent where there are none. */
  readonly exclude?: Int32Array;
  readonly excludeSeen: boolean;
  readonly efSearch?: number;
  /** Rows that may be returned; absent where all may. */
  readonly allowed?: RowSet;
  /** How many rows its filter and the standing rules select; absent where it has no filter. */
  readonly matches?: number;
  readonly rules?: ParsedRules;
}

/** What a user was shown, and how long it counts. */
export interface ParsedShown {
  readonly userId: number | string;
  /** Of what was shown just now. */
  readonly rows: Int32Array;
  /** 0 where the request does not look back. */
  readonly seconds: number;
}

export interface ParsedSimilarItems {
  /** Absent where the catalogue does not hold the item. */
  readonly itemRow?: number;
  readonly topK: number;
  readonly exclude?: Int32Array;
  readonly efSearch?: number;
  /** Rows that may be returned; absent where all may. */
  readonly allowed?: RowSet;
  /** How many rows its filter and the standing rules select; absent where it has no filter. */
  readonly matches?: number;
  readonly rules?: ParsedRules;
}

export interface ParserOptions {
  /** What rules read of items. */
  readonly schema: AttributeSchema;
  readonly filters: FilterCompiler;
  readonly limits: RecallLimits;
  /** Whether an id must be of the kind of the catalogue's. */
  readonly strictIds: boolean;
  readonly vectors: VectorShape;
  /** What a request may rest on. */
  readonly inputs: readonly RecallInput[];
}

/** So that sums of weights stay finite. */
const MAX_WEIGHT = 1_000_000;

const recallFields = [
  'userId',
  'features',
  'history',
  'historyTypes',
  'historyWeights',
  'negativeItemIds',
  'shown',
  'context',
  'queryVector',
  'excludeSeen',
  'topK',
  'excludeItemIds',
  'efSearch',
  'filter',
  'rules',
];
const similarFields = ['itemId', 'topK', 'excludeItemIds', 'efSearch', 'filter', 'rules'];

/**
 * Turns requests into rows of the catalogue and inputs of the model, or refuses them with the field and its range: the
 * one place where requests are validated, whether they come from a program or over the wire. Plain comparisons: a schema
 * library takes longer over 500 ids than the search takes over its index.
 */
export class RequestParser {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly options: ParserOptions,
  ) {}

  /**
   * @param entry the place in a batch, for messages
   * @throws RecallRequestError
   */
  parseRecall(request: RecallRequest, entry?: number): ParsedRequest {
    const check = new FieldChecks(request, recallFields, entry);
    const {
      userId,
      features,
      history,
      historyTypes,
      historyWeights,
      negativeItemIds,
      shown,
      context,
      queryVector,
      topK,
      excludeItemIds,
      excludeSeen = true,
      efSearch,
      filter,
      rules,
    } = request;
    const { limits, vectors } = this.options;
    check.integer('topK', topK, limits.maxTopK);
    if (efSearch !== undefined) check.integer('efSearch', efSearch, limits.maxEfSearch);
    if (typeof excludeSeen !== 'boolean') check.refuse('excludeSeen', (name) => `${name} must be true or false.`);
    if (features !== undefined) check.numbers('features', features);
    if (queryVector !== undefined) check.numbers('queryVector', queryVector);
    this.#checkInputs(request, check);
    const { userIds, itemIds, userFields, context: parts = [] } = this.catalogue;
    const known = history && this.#rowsOf(itemIds, 'history', history, check);
    const allowed = this.#rowsAllowed(filter, check);
    const unwanted = negativeItemIds && this.#unwanted(negativeItemIds, check);
    return {
      userRow: userId === undefined ? -1 : (this.#rowOf(userIds, 'userId', userId, check) ?? -1),
      features: features && standardise(features, numbersOf(userFields), entry),
      context: context && contextLabels(context, parts, entry),
      history: known,
      historyTypes: historyTypes === undefined ? undefined : this.#types(history, historyTypes, check),
      unknownHistoryItems: (history?.length ?? 0) - (known?.length ?? 0),
      shown: shown === undefined ? undefined : this.#shown(userId, shown, check),
      weights: historyWeights === undefined ? undefined : this.#weights(history, historyWeights, check),
      unwanted: unwanted?.length === 0 ? undefined : unwanted,
      vector: queryVector && toQueryVector(queryVector, vectors, entry),
      topK,
      exclude: excludeItemIds && this.#rowsOf(itemIds, 'excludeItemIds', excludeItemIds, check),
      excludeSeen,
      efSearch,
      allowed,
      matches: filter === undefined ? undefined : allowed?.size,
      rules: rules === undefined ? undefined : this.#parseRules(rules, topK, check),
    };
  }

  #shown(userId: RecallRequest['userId'], given: unknown, check: FieldChecks): ParsedShown {
    if (!isRecord(given)) {
      return check.refuse('shown', (name) => `${name} must be an object of itemIds and withinSeconds.`);
    }
    const { itemIds, withinSeconds } = given;
    if (userId === undefined) {
      return check.refuse('shown', (name, names) => `${name} needs ${names.of('userId')}, whose items are kept.`);
    }
    if (itemIds === undefined && withinSeconds === undefined) {
      return check.refuse('shown', (name) => `${name} needs item ids, a time, or both.`);
    }
    const { maxSeconds } = shownLimits;
    const seconds = withinSeconds === undefined ? 0 : Number(withinSeconds);
    if (withinSeconds !== undefined && !(Number.isInteger(seconds) && seconds >= 1 && seconds <= maxSeconds)) {
      check.refuse('shown', (name) => `${name} must look back a whole number of seconds from 1 to ${maxSeconds}.`);
    }
    const column = this.catalogue.itemIds;
    const rows = itemIds === undefined ? new Int32Array(0) : this.#rowsOf(column, 'shown', itemIds, check);
    return { userId, rows, seconds };
  }

  #unwanted(ids: unknown, check: FieldChecks): Int32Array {
    if (Array.isArray(ids) && ids.length > MAX_EXAMPLES) check.tooMany('negativeItemIds', ids.length, MAX_EXAMPLES);
    return this.#rowsOf(this.catalogue.itemIds, 'negativeItemIds', ids, check);
  }

  /** Of the items of a history that the catalogue holds, as rows of the model's types. */
  #types(history: RecallRequest['history'] = [], given: unknown, check: FieldChecks): Int32Array {
    if (!isStrings(given)) return check.refuse('historyTypes', (name) => `${name} must be an array of strings.`);
    check.oneEach('historyTypes', given.length, history.length);
    const { eventTypes = [], itemIds } = this.catalogue;
    const rowOf = new Map(eventTypes.map((type, row) => [type, row]));
    const known = history.flatMap((id, place) => (resolveId(itemIds, id) === undefined ? [] : [given[place]]));
    return Int32Array.from(known, (type) => rowOf.get(type) ?? -1);
  }

  /** Of the items of a history that the catalogue holds. */
  #weights(history: RecallRequest['history'], given: ArrayLike<number>, check: FieldChecks): Float64Array {
    check.numbers('historyWeights', given);
    if (given.length > MAX_EXAMPLES) check.tooMany('historyWeights', given.length, MAX_EXAMPLES);
    check.oneEach('historyWeights', given.length, history?.length ?? 0);
    const weights: number[] = [];
    for (const [place, id] of (history ?? []).entries()) {
      const weight: unknown = given[place];
      if (typeof weight !== 'number' || !(weight > 0 && weight <= MAX_WEIGHT)) {
        return check.refuse(
          'historyWeights',
          (name) => `${name}[${place}] is ${String(weight)}, but it must be a number above 0 and up to ${MAX_WEIGHT}.`,
        );
      }
      if (resolveId(this.catalogue.itemIds, id) !== undefined) weights.push(weight);
    }
    return Float64Array.from(weights);
  }

  /** @throws RecallRequestError */
  parseSimilarItems(request: SimilarItemsRequest): ParsedSimilarItems {
    const check = new FieldChecks(request, similarFields);
    const { itemId, topK, excludeItemIds, efSearch, filter, rules } = request;
    const { limits } = this.options;
    check.integer('topK', topK, limits.maxTopK);
    if (efSearch !== undefined) check.integer('efSearch', efSearch, limits.maxEfSearch);
    const { itemIds } = this.catalogue;
    const allowed = this.#rowsAllowed(filter, check);
    return {
      itemRow: this.#rowOf(itemIds, 'itemId', itemId, check),
      topK,
      exclude: excludeItemIds && this.#rowsOf(itemIds, 'excludeItemIds', excludeItemIds, check),
      efSearch,
      allowed,
      matches: filter === undefined ? undefined : allowed?.size,
      rules: rules === undefined ? undefined : this.#parseRules(rules, topK, check),
    };
  }

  #parseRules(rules: unknown, topK: number, check: FieldChecks): ParsedRules {
    const { schema, limits } = this.options;
    return parseRules(rules, {
      schema,
      limits,
      topK,
      rowsOf: (ids) => this.#rowsOf(this.catalogue.itemIds, 'rules', ids, check),
      refuse: (problem) => check.refuse('rules', (name) => `${name}${problem}`),
    });
  }

  #rowsAllowed(filter: Filter | string | undefined, check: FieldChecks): RowSet | undefined {
    const { filters } = this.options;
    if (filter === undefined && !filters.hasStanding) return undefined;
    try {
      return filters.allowed(filter, Date.now() / 1000);
    } catch (error) {
      if (!isFilterProblem(error)) throw error;
      return check.refuse('filter', (name) => `${name}: ${error.message}`);
    }
  }

  /** A request brings a vector or says something of a user, never both; some models take vectors alone. */
  #checkInputs(request: RecallRequest, check: FieldChecks): void {
    const { userId, history, historyWeights, features, context, queryVector } = request;
    const ofUser =
      userId !== undefined
        ? (names: FieldNames) => names.ofKind('userId', typeof userId === 'number' ? 'integer' : 'string')
        : history !== undefined
          ? (names: FieldNames) => names.of('history')
          : features !== undefined
            ? (names: FieldNames) => names.of('features')
            : context !== undefined
              ? (names: FieldNames) => names.of('context')
              : undefined;
    if (queryVector !== undefined) {
      if (ofUser === undefined) return;
      check.refuse(
        'queryVector',
        (name, names) => `${name} and ${ofUser(names)} are both set, but a request has one of them.`,
      );
    }
    if (this.options.inputs.includes('userId')) return;
    // Items that are weighed need no tower: their vectors are averaged.
    const isOfExamples = history !== undefined && historyWeights !== undefined;
    if (isOfExamples && userId === undefined && features === undefined && context === undefined) return;
    const given = { userId, history, features, context };
    const field = (['userId', 'history', 'features', 'context'] as const).find((name) => given[name] !== undefined);
    check.refuse(field ?? 'queryVector', (_, names) => {
      const vector = names.of('queryVector');
      const problem = ofUser === undefined ? `${vector} is not set` : `${ofUser(names)} is set`;
      const others = `${names.of('userId')}, ${names.of('history')} and ${names.of('features')}`;
      return `${problem}, but this model knows no users; set ${vector} and leave ${others} out.`;
    });
  }

  #rowOf(column: IdColumn, field: string, id: unknown, check: FieldChecks): number | undefined {
    if (typeof id !== 'number' && typeof id !== 'string') {
      return check.refuse(field, (name) => `${name} must be an integer or a string.`);
    }
    if (this.options.strictIds) check.kind(field, id, column.kind);
    return resolveId(column, id);
  }

  /** Rows of the ids that the column holds, in their order. */
  #rowsOf(column: IdColumn, field: string, ids: unknown, check: FieldChecks): Int32Array {
    const what = 'an array of item ids, integers or strings';
    if (!Array.isArray(ids)) return check.refuse(field, (name) => `${name} must be ${what}.`);
    const rows = new Int32Array(ids.length);
    let count = 0;
    for (let i = 0; i < ids.length; i++) {
      const id: unknown = ids[i];
      if (typeof id !== 'number' && typeof id !== 'string') check.refuse(field, (name) => `${name} must be ${what}.`);
      else {
        if (this.options.strictIds) check.kind(field, id, column.kind);
        const row = resolveId(column, id);
        if (row !== undefined) rows[count++] = row;
      }
    }
    return rows.subarray(0, count);
  }
}
