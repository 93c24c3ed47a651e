import type { RecallResult, RecallSource } from '@vector-recall/recall-service';
import * as fc from 'fast-check';
import {
  BatchRecallResponse,
  RecallResponse,
  SimilarItemsResponse,
  Placement,
  SearchPlan,
  Source,
} from '../gen/recall/v1/recall';
import { encodeBatchRecallResponse, encodeRecallResponse, encodeSimilarItemsResponse, type Origin } from './responses';

const micros = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const ids = fc.oneof(
  fc.array(fc.maxSafeInteger(), { maxLength: 600 }),
  fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { maxLength: 600 }),
  fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 600 }),
);
const source: fc.Arbitrary<RecallSource> = fc.constantFrom('model', 'history', 'popularity', 'vector');
const result: fc.Arbitrary<RecallResult> = fc.record({
  itemIds: ids,
  scores: fc.float32Array({ noNaN: true, maxLength: 600 }),
  latencyMs: fc.constant(1),
  timings: fc.record({ encodeMicros: micros, searchMicros: micros, totalMicros: micros }),
  source,
  filter: fc.option(
    fc.record({
      matches: fc.integer({ min: 0, max: 2 ** 31 }),
      plan: fc.constantFrom('graph' as const, 'scan' as const, 'groups' as const),
    }),
    { nil: undefined },
  ),
  rules: fc.option(
    fc.record({
      pool: fc.integer({ min: 0, max: 2 ** 31 }),
      added: fc.option(fc.float32Array({ noNaN: true, maxLength: 600 }), { nil: undefined }),
      placements: fc.array(
        fc.constantFrom('score' as const, 'cap' as const, 'diversity' as const, 'promoted' as const),
      ),
    }),
    { nil: undefined },
  ),
  unknownHistoryItems: micros,
});
const version = fc.string();
const origin: fc.Arbitrary<Origin> = fc.record({
  version,
  label: fc.option(fc.constantFrom('stable', 'canary'), { nil: undefined }),
});
const failure = fc.record({ code: fc.integer({ min: 1, max: 16 }), details: fc.string({ unit: 'grapheme' }) });

const placements = {
  score: Placement.PLACEMENT_SCORE,
  cap: Placement.PLACEMENT_CAP,
  diversity: Placement.PLACEMENT_DIVERSITY,
  promoted: Placement.PLACEMENT_PROMOTED,
};

const sources = {
  model: Source.SOURCE_MODEL,
  history: Source.SOURCE_HISTORY_AND_FEATURES,
  popularity: Source.SOURCE_POPULARITY,
  vector: Source.SOURCE_QUERY_VECTOR,
};

/** The message that the generated code would be given. */
function messageOf(
  { itemIds, scores, timings, source: from, unknownHistoryItems, filter: outcome, rules: ruled }: RecallResult,
  { version: modelVersion, label: versionLabel = '' }: Origin,
) {
  const integerIds = itemIds.filter((id) => typeof id === 'number');
  const stringIds = itemIds.filter((id) => typeof id === 'string');
  const items = { itemIds: { integerIds, stringIds }, scores: [...scores] };
  const plans = {
    graph: SearchPlan.SEARCH_PLAN_GRAPH,
    scan: SearchPlan.SEARCH_PLAN_SCAN,
    groups: SearchPlan.SEARCH_PLAN_GROUPS,
  };
  const filter = outcome && { matches: outcome.matches, plan: plans[outcome.plan ?? 'graph'] };
  const rules = ruled && {
    pool: ruled.pool,
    added: [...(ruled.added ?? [])],
    placements: ruled.placements.map((placement) => placements[placement]),
  };
  return { items, modelVersion, timings, source: sources[from], unknownHistoryItems, filter, rules, versionLabel };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the bytes are those of the generated code', () => {
  it('for RecallResponse', () => {
    fc.assert(
      fc.property(result, origin, (value, from) => {
        const generated = RecallResponse.encode(messageOf(value, from)).finish();
        expect(hex(encodeRecallResponse(value, from))).toBe(hex(generated));
      }),
    );
  });

  it('for SimilarItemsResponse', () => {
    fc.assert(
      fc.property(result, origin, (value, from) => {
        const generated = SimilarItemsResponse.encode(messageOf(value, from)).finish();
        expect(hex(encodeSimilarItemsResponse(value, from))).toBe(hex(generated));
      }),
    );
  });

  it('for BatchRecallResponse, which may outgrow the memory it begins with', () => {
    const answer = fc.tuple(result, origin).map(([found, from]) => ({ result: found, ...from }));
    const outcomes = fc.array(fc.oneof(answer, failure), { maxLength: 12 });
    fc.assert(
      fc.property(outcomes, (values) => {
        const results = values.map((value) =>
          'code' in value
            ? { error: { code: value.code, message: value.details } }
            : { response: messageOf(value.result, value) },
        );
        const generated = BatchRecallResponse.encode({ results }).finish();
        expect(hex(encodeBatchRecallResponse(values))).toBe(hex(generated));
      }),
    );
  });
});
