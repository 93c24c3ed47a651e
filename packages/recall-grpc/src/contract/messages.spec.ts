import * as fc from 'fast-check';
import {
  AttributeKind,
  BatchRecallRequest,
  BatchRecallResponse,
  Filter,
  GetModelInfoResponse,
  IdKind,
  Input,
  LabelsMode,
  Placement,
  RecallRequest,
  RecallResponse,
  RecallServiceService,
  Rules,
  SearchPlan,
  SimilarItemsRequest,
  SimilarItemsResponse,
  Source,
  Space,
} from '../index';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const count = fc.maxSafeNat();
const integerId = fc.maxSafeInteger();
const stringId = fc.string({ unit: 'grapheme' });
const float = fc.float({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
const idList = fc.oneof(
  fc.record({ integerIds: fc.array(integerId), stringIds: fc.constant<string[]>([]) }),
  fc.record({ integerIds: fc.constant<number[]>([]), stringIds: fc.array(stringId) }),
);
const optionalIds = fc.option(idList, { nil: undefined });
const timings = fc.record({ encodeMicros: uint32, searchMicros: uint32, totalMicros: uint32 });
const scoredItems = fc.record({ itemIds: idList, scores: fc.array(float) });

// Plain objects can't have an own __proto__ in the generated code.
const context = fc.dictionary(
  fc.string().filter((name) => name !== '__proto__'),
  fc.string(),
  { noNullPrototype: true },
);

const filterOutcome = fc.option(
  fc.record({
    matches: count,
    plan: fc.constantFrom(SearchPlan.SEARCH_PLAN_GRAPH, SearchPlan.SEARCH_PLAN_SCAN, SearchPlan.SEARCH_PLAN_GROUPS),
  }),
  { nil: undefined },
);
const filter = fc.option(
  fc.constantFrom(
    Filter.fromPartial({ ids: { integerIds: [1, 2], stringIds: [] } }),
    Filter.fromPartial({ not: Filter.fromPartial({ range: { attribute: 'price', min: 0, excludesMin: true } }) }),
    Filter.fromPartial({ labels: { attribute: 'brand', values: ['x'], mode: LabelsMode.LABELS_MODE_ALL } }),
  ),
  { nil: undefined },
);

const rules = fc.option(
  fc.constantFrom(
    Rules.fromPartial({ pool: 7, caps: [{ attribute: 'brand', most: 3 }], diversity: { lambda: 0.5 } }),
    Rules.fromPartial({
      promoted: { itemIds: { integerIds: [1], stringIds: [] }, quota: 1 },
      diversity: { lambda: 0 },
    }),
    Rules.fromPartial({ decays: [{ attribute: 'added', halfLife: 9 }], boosts: [{ attribute: 'price', weight: -1 }] }),
  ),
  { nil: undefined },
);
const rulesOutcome = fc.option(
  fc.record({
    pool: uint32,
    added: fc.array(float),
    placements: fc.array(fc.constantFrom(Placement.PLACEMENT_CAP, Placement.PLACEMENT_PROMOTED)),
  }),
  { nil: undefined },
);

const recallRequest = fc
  .record({
    user: fc.oneof(
      fc.record({ integerUserId: integerId, stringUserId: fc.constant(undefined) }),
      fc.record({ integerUserId: fc.constant(undefined), stringUserId: stringId }),
      fc.constant({ integerUserId: undefined, stringUserId: undefined }),
    ),
    features: fc.array(float),
    history: optionalIds,
    topK: uint32,
    excludeItemIds: optionalIds,
    excludeSeen: fc.option(fc.boolean(), { nil: undefined }),
    efSearch: uint32,
    queryVector: fc.array(float),
    filter,
    rules,
    historyTypes: fc.array(fc.string()),
    historyWeights: fc.array(float),
    negativeItemIds: optionalIds,
    shown: fc.option(fc.record({ itemIds: optionalIds, withinSeconds: uint32 }), { nil: undefined }),
    context,
    versionLabel: fc.string(),
  })
  .map(({ user, ...rest }): RecallRequest => ({ ...user, ...rest }));

const recallResponse: fc.Arbitrary<RecallResponse> = fc.record({
  items: fc.option(scoredItems, { nil: undefined }),
  modelVersion: fc.string(),
  source: fc.constantFrom(
    Source.SOURCE_MODEL,
    Source.SOURCE_HISTORY_AND_FEATURES,
    Source.SOURCE_POPULARITY,
    Source.SOURCE_QUERY_VECTOR,
  ),
  timings: fc.option(timings, { nil: undefined }),
  unknownHistoryItems: uint32,
  filter: filterOutcome,
  rules: rulesOutcome,
  versionLabel: fc.string(),
});

const batchResult = fc.oneof(
  recallResponse.map((response) => ({ response, error: undefined })),
  fc.record({ code: fc.integer({ min: 1, max: 16 }), message: fc.string() }).map((error) => ({
    response: undefined,
    error,
  })),
);

const similarItemsRequest: fc.Arbitrary<SimilarItemsRequest> = fc.record({
  integerItemId: fc.constant(undefined),
  stringItemId: fc.option(stringId, { nil: undefined }),
  topK: uint32,
  excludeItemIds: optionalIds,
  efSearch: uint32,
  filter,
  rules,
  versionLabel: fc.string(),
});

const modelInfo: fc.Arbitrary<GetModelInfoResponse> = fc.record({
  versionLabel: fc.string(),
  modelVersion: fc.string(),
  userIdKind: fc.constantFrom(IdKind.ID_KIND_INTEGER, IdKind.ID_KIND_STRING),
  itemIdKind: fc.constantFrom(IdKind.ID_KIND_INTEGER, IdKind.ID_KIND_STRING),
  userCount: count,
  itemCount: count,
  dimension: uint32,
  userFeatureNames: fc.array(fc.string()),
  historyLength: uint32,
  defaultEfSearch: uint32,
  maxTopK: uint32,
  maxBatchSize: uint32,
  maxEfSearch: uint32,
  inputs: fc.array(fc.constantFrom(Input.INPUT_USER, Input.INPUT_HISTORY, Input.INPUT_QUERY_VECTOR)),
  contextNames: fc.array(fc.string()),
  eventTypes: fc.array(fc.string()),
  space: fc.constantFrom(Space.SPACE_COSINE, Space.SPACE_INNER_PRODUCT, Space.SPACE_L2),
  attributes: fc.array(fc.record({ name: fc.string(), kind: fc.constant(AttributeKind.ATTRIBUTE_KIND_DATE) })),
});

interface Message<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

function expectRoundTrip<T>(message: Message<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(message.decode(message.encode(value).finish())).toEqual(value);
    }),
  );
}

describe('every message comes back from its bytes as it was', () => {
  it('RecallRequest', () => {
    expectRoundTrip(RecallRequest, recallRequest);
  });

  it('RecallResponse', () => {
    expectRoundTrip(RecallResponse, recallResponse);
  });

  it('BatchRecallRequest', () => {
    expectRoundTrip(BatchRecallRequest, fc.record({ requests: fc.array(recallRequest, { maxLength: 5 }) }));
  });

  it('BatchRecallResponse', () => {
    expectRoundTrip(BatchRecallResponse, fc.record({ results: fc.array(batchResult, { maxLength: 5 }) }));
  });

  it('SimilarItemsRequest', () => {
    expectRoundTrip(SimilarItemsRequest, similarItemsRequest);
  });

  it('SimilarItemsResponse', () => {
    const values = fc.record({
      items: fc.option(scoredItems, { nil: undefined }),
      modelVersion: fc.string(),
      timings,
      filter: filterOutcome,
      rules: rulesOutcome,
      versionLabel: fc.string(),
    });
    expectRoundTrip(SimilarItemsResponse, values);
  });

  it('GetModelInfoResponse', () => {
    expectRoundTrip(GetModelInfoResponse, modelInfo);
  });
});

describe('the wire', () => {
  it('packs ids and scores: 500 hits cost 500 varints and 500 floats, without a tag each', () => {
    const response = RecallResponse.fromPartial({
      // Ids below 2^14 take two bytes each.
      items: { itemIds: { integerIds: Array.from({ length: 500 }, (_, i) => 1000 + i) }, scores: Array(500).fill(0.5) },
    });
    const payload = 500 * 2 + 500 * 4;
    expect(RecallResponse.encode(response).finish().length).toBeLessThan(payload + 20);
  });

  it('tells an empty history, which overrides the stored one, from none', () => {
    const roundTrip = (request: RecallRequest) => RecallRequest.decode(RecallRequest.encode(request).finish());
    expect(roundTrip(RecallRequest.fromPartial({ topK: 1 })).history).toBeUndefined();
    expect(roundTrip(RecallRequest.fromPartial({ topK: 1, history: {} })).history).toEqual({
      integerIds: [],
      stringIds: [],
    });
  });

  it('refuses an integer id that a double cannot hold', () => {
    const tooLarge = Uint8Array.from([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    expect(() => RecallRequest.decode(tooLarge)).toThrow(/MAX_SAFE_INTEGER/);
  });

  it('serves each method under its path', () => {
    expect(Object.values(RecallServiceService).map(({ path }) => path)).toEqual([
      '/recall.v1.RecallService/Recall',
      '/recall.v1.RecallService/BatchRecall',
      '/recall.v1.RecallService/SimilarItems',
      '/recall.v1.RecallService/GetModelInfo',
      '/recall.v1.RecallService/EncodeUsers',
      '/recall.v1.RecallService/EncodeItems',
      '/recall.v1.RecallService/DescribeItems',
      '/recall.v1.RecallService/DescribeUser',
    ]);
  });
});
