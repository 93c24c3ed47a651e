import { rankRows } from '@vector-recall/hnsw-index';
import * as fc from 'fast-check';
import { rankInJavaScript, rankScoreRows } from './rank-rows';

// Few different scores, so that many tie.
const score = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(-Infinity, NaN, -0, 0.5));
const matrix = fc.integer({ min: 1, max: 60 }).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.array(
      fc.record({
        scores: fc.array(score, { minLength: columns, maxLength: columns }),
        target: fc.integer({ min: -1, max: columns - 1 }),
      }),
      { minLength: 1, maxLength: 9 },
    ),
    k: fc.integer({ min: 1, max: 30 }),
  }),
);

it('ranks by the native engine as in JavaScript', () => {
  fc.assert(
    fc.property(matrix, ({ columns, rows, k }) => {
      const given = {
        scores: Float32Array.from(rows.flatMap(({ scores }) => scores)),
        columns,
        targets: Int32Array.from(rows, ({ target }) => target),
      };
      const expected = rankInJavaScript(given, k);
      expect(rankRows(given, k)).toEqual(expected);
      expect(rankScoreRows(given, k)).toEqual(expected);
    }),
  );
});

it('ranks a row of many columns', () => {
  const columns = 20_000;
  const scores = Float32Array.from({ length: 2 * columns }, (_, i) => Math.sin(i * i));
  const given = { scores, columns, targets: Int32Array.of(17, 19_999) };
  const { ranks, shown } = rankScoreRows(given, 500);
  expect([ranks, shown]).toEqual([rankInJavaScript(given, 500).ranks, rankInJavaScript(given, 500).shown]);
  expect(scores[shown[0]]).toBe(Math.max(...scores.subarray(0, columns)));
});
