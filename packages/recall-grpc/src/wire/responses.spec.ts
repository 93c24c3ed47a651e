import type { RecallResult, RecallSource } from '@vector-recall/recall-service';
import * as fc from 'fast-check';
import { BatchRecallResponse, RecallResponse, SimilarItemsResponse, Source } from '../gen/recall/v1/recall';
import { encodeBatchRecallResponse, encodeRecallResponse, encodeSimilarItemsResponse } from './responses';

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
  unknownHistoryItems: micros,
});
const version = fc.string();
const failure = fc.record({ code: fc.integer({ min: 1, max: 16 }), details: fc.string({ unit: 'grapheme' }) });

const sources = {
  model: Source.SOURCE_MODEL,
  history: Source.SOURCE_HISTORY_AND_FEATURES,
  popularity: Source.SOURCE_POPULARITY,
  vector: Source.SOURCE_QUERY_VECTOR,
};

/** The message that the generated code would be given. */
function messageOf(
  { itemIds, scores, timings, source: from, unknownHistoryItems }: RecallResult,
  modelVersion: string,
) {
  const integerIds = itemIds.filter((id) => typeof id === 'number');
  const stringIds = itemIds.filter((id) => typeof id === 'string');
  const items = { itemIds: { integerIds, stringIds }, scores: [...scores] };
  return { items, modelVersion, timings, source: sources[from], unknownHistoryItems };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the bytes are those of the generated code', () => {
  it('for RecallResponse', () => {
    fc.assert(
      fc.property(result, version, (value, modelVersion) => {
        const generated = RecallResponse.encode(messageOf(value, modelVersion)).finish();
        expect(hex(encodeRecallResponse(value, modelVersion))).toBe(hex(generated));
      }),
    );
  });

  it('for SimilarItemsResponse', () => {
    fc.assert(
      fc.property(result, version, (value, modelVersion) => {
        const generated = SimilarItemsResponse.encode(messageOf(value, modelVersion)).finish();
        expect(hex(encodeSimilarItemsResponse(value, modelVersion))).toBe(hex(generated));
      }),
    );
  });

  it('for BatchRecallResponse, which may outgrow the memory it begins with', () => {
    const outcomes = fc.array(fc.oneof(result, failure), { maxLength: 12 });
    fc.assert(
      fc.property(outcomes, version, (values, modelVersion) => {
        const results = values.map((value) =>
          'code' in value
            ? { error: { code: value.code, message: value.details } }
            : { response: messageOf(value, modelVersion) },
        );
        const generated = BatchRecallResponse.encode({ results }).finish();
        expect(hex(encodeBatchRecallResponse(values, modelVersion))).toBe(hex(generated));
      }),
    );
  });
});
