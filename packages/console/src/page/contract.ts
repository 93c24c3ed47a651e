import type { Api } from './api.ts';
import { field, listOf, numberOf, numbersOf, textOf, textsOf } from './json.ts';

// Ids are texts on the page, and of the model's kind on the wire.
type IdKind = 'integer' | 'string';

export interface Attribute {
  readonly name: string;
  readonly kind: 'labels' | 'number' | 'date';
}

export interface ModelInfo {
  readonly version: string;
  readonly userIdKind: IdKind;
  readonly itemIdKind: IdKind;
  readonly userCount: number;
  readonly itemCount: number;
  readonly maxTopK: number;
  readonly attributes: readonly Attribute[];
  readonly takesUsers: boolean;
}

export interface Query {
  readonly from: 'user' | 'item';
  readonly id: string;
  readonly topK: number;
  /** Text; empty for none. */
  readonly filter: string;
  readonly excludeSeen: boolean;
  /** At most so many items of each label. */
  readonly cap?: { readonly attribute: string; readonly most: number };
  /** In [0, 1]; absent for an order by score alone. */
  readonly lambda?: number;
}

/** Microseconds. */
export interface Timings {
  readonly encode: number;
  readonly search: number;
  readonly total: number;
}

export interface Answer {
  readonly version: string;
  readonly ids: readonly string[];
  readonly scores: readonly number[];
  /** `SOURCE_MODEL`; empty for neighbours of an item. */
  readonly source: string;
  readonly timings: Timings;
  /** Items that the filter selects. */
  readonly matches?: number;
  /** Candidates that the rules chose from. */
  readonly pool?: number;
  /** Why each item stands where it does; empty without rules. */
  readonly placements: readonly string[];
}

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly tags: readonly string[];
}

export interface Version {
  readonly version: string;
  readonly promoted: boolean;
  readonly serving: boolean;
}

/** The calls of the contract that the page needs. Each throws a CallError. */
export class Contract {
  constructor(private readonly api: Api) {}

  async modelInfo(): Promise<ModelInfo> {
    const info = await this.#recall('GetModelInfo', {});
    return {
      version: textOf(field(info, 'modelVersion')),
      userIdKind: kindOf(field(info, 'userIdKind')),
      itemIdKind: kindOf(field(info, 'itemIdKind')),
      userCount: numberOf(field(info, 'userCount')),
      itemCount: numberOf(field(info, 'itemCount')),
      maxTopK: numberOf(field(info, 'maxTopK')),
      attributes: listOf(field(info, 'attributes')).map((attribute) => ({
        name: textOf(field(attribute, 'name')),
        kind: attributeKinds[textOf(field(attribute, 'kind'))] ?? 'labels',
      })),
      takesUsers: textsOf(field(info, 'inputs')).includes('INPUT_USER'),
    };
  }

  async recall(query: Query, { userIdKind, itemIdKind }: ModelInfo): Promise<Answer> {
    const { from, id, topK, filter, excludeSeen } = query;
    const request = { topK, ...(filter === '' ? {} : { filter: { text: filter } }), ...rulesOf(query) };
    const response =
      from === 'user'
        ? await this.#recall('Recall', { ...request, excludeSeen, [`${userIdKind}UserId`]: id })
        : await this.#recall('SimilarItems', { ...request, [`${itemIdKind}ItemId`]: id });
    return answerOf(response);
  }

  async userHistory(id: string, { userIdKind }: ModelInfo): Promise<string[]> {
    return idsOf(field(await this.#recall('DescribeUser', { [`${userIdKind}UserId`]: id }), 'history'));
  }

  /** @param ids at most as many as the largest top_k */
  async items(ids: readonly string[], { itemIdKind }: ModelInfo): Promise<Item[]> {
    if (ids.length === 0) return [];
    const items = field(await this.#recall('DescribeItems', listed(ids, itemIdKind)), 'items');
    return listOf(items).map((item, place) => ({
      id: ids[place],
      name: textOf(field(item, 'name')),
      category: textOf(field(item, 'category')),
      tags: textsOf(field(item, 'tags')),
    }));
  }

  /** @returns for each item `[dim]`, empty where the catalogue does not hold it */
  async vectors(ids: readonly string[], { itemIdKind }: ModelInfo): Promise<number[][]> {
    if (ids.length === 0) return [];
    const items = field(await this.#recall('EncodeItems', listed(ids, itemIdKind)), 'items');
    return listOf(items).map((item) => numbersOf(field(item, 'vector')));
  }

  async versions(): Promise<Version[]> {
    return listOf(field(await this.#admin('ListVersions', {}), 'versions')).map((each) => ({
      version: textOf(field(each, 'version')),
      promoted: field(each, 'promoted') === true,
      serving: field(each, 'serving') === true,
    }));
  }

  /** @returns the version that is served now */
  async promote(version: string): Promise<string> {
    return textOf(field(await this.#admin('PromoteModel', { version }), 'modelVersion'));
  }

  /** @returns the version that is served now */
  async rollBack(): Promise<string> {
    return textOf(field(await this.#admin('RollBackModel', {}), 'modelVersion'));
  }

  #recall(method: string, request: object): Promise<unknown> {
    return this.api.call('recall.v1.RecallService', method, request);
  }

  #admin(method: string, request: object): Promise<unknown> {
    return this.api.call('recall.v1.AdminService', method, request);
  }
}

const attributeKinds: Readonly<Record<string, Attribute['kind'] | undefined>> = {
  ATTRIBUTE_KIND_LABELS: 'labels',
  ATTRIBUTE_KIND_NUMBER: 'number',
  ATTRIBUTE_KIND_DATE: 'date',
};

function kindOf(kind: unknown): IdKind {
  return kind === 'ID_KIND_INTEGER' ? 'integer' : 'string';
}

function rulesOf({ cap, lambda }: Query): object {
  const caps = cap === undefined ? {} : { caps: [cap] };
  const diversity = lambda === undefined ? {} : { diversity: { lambda } };
  return cap === undefined && lambda === undefined ? {} : { rules: { ...caps, ...diversity } };
}

function listed(ids: readonly string[], kind: IdKind): object {
  return { itemIds: { [`${kind}Ids`]: ids } };
}

/** An `IdList` has ids of one kind. */
function idsOf(list: unknown): string[] {
  return [...textsOf(field(list, 'integerIds')), ...textsOf(field(list, 'stringIds'))];
}

function answerOf(response: unknown): Answer {
  const items = field(response, 'items');
  const timings = field(response, 'timings');
  const filter = field(response, 'filter');
  const rules = field(response, 'rules');
  return {
    version: textOf(field(response, 'modelVersion')),
    ids: idsOf(field(items, 'itemIds')),
    scores: numbersOf(field(items, 'scores')),
    source: textOf(field(response, 'source')),
    timings: {
      encode: numberOf(field(timings, 'encodeMicros')),
      search: numberOf(field(timings, 'searchMicros')),
      total: numberOf(field(timings, 'totalMicros')),
    },
    ...(filter === undefined ? {} : { matches: numberOf(field(filter, 'matches')) }),
    ...(rules === undefined ? {} : { pool: numberOf(field(rules, 'pool')) }),
    placements: textsOf(field(rules, 'placements')),
  };
}
