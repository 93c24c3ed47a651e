import type { Field } from '@vector-recall/datasets';
import { logOf } from '../../testing/logs';
import type { EvaluationTask } from '../task';
import { attributeKnnScorer } from './attribute-knn';

function scoresOf(fields: readonly Field[], histories: readonly (readonly number[])[], itemCount: number): number[][] {
  const log = logOf(itemCount, histories);
  const task: EvaluationTask = {
    log,
    users: Int32Array.from(histories.keys()),
    targets: new Int32Array(histories.length),
    ends: log.offsets.slice(1),
    counts: new Int32Array(itemCount).fill(1),
  };
  const scorer = attributeKnnScorer(task, fields);
  const columns = Int32Array.from({ length: itemCount }, (_, item) => item);
  const out = new Float32Array(histories.length * itemCount).fill(9);
  scorer.prepare?.(columns);
  scorer.score(task.users, columns, out);
  return histories.map((_, user) => [...out.subarray(user * itemCount, (user + 1) * itemCount)]);
}

const category: Field = {
  kind: 'category',
  name: 'brand',
  labels: ['a', 'b'],
  count: 2,
  values: Int32Array.of(0, 0, 1, -1),
};
const tags: Field = {
  kind: 'tags',
  name: 'tags',
  labels: ['x', 'y'],
  count: 2,
  offsets: Int32Array.of(0, 2, 3, 4, 4),
  values: Int32Array.of(0, 1, 0, 1),
};
const vectors: Field = { kind: 'vectors', name: 'v', width: 2, values: Float32Array.of(3, 4, 4, 3, 0, 0, -6, -8) };
const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5) as number);

it('sums the cosines of each field over the items of a user', () => {
  // Of items 0 and 1: brand 1; tags ⟨(1, 1)/√2, (1, 0)⟩ = 1/√2; vectors 24/25.
  const [first] = scoresOf([category, tags, vectors], [[0]], 4);
  expect(first).toEqual(close([3, 1 + Math.SQRT1_2 + 24 / 25, Math.SQRT1_2, -1]));
});

it('adds up what several items of a user say, each once', () => {
  const [zero, one, both] = scoresOf([category, vectors], [[0], [1], [0, 1, 0]], 4);
  expect(both).toEqual(close(zero.map((score, item) => score + one[item])));
});

it('knows nothing of an item without attributes, nor of a user without items', () => {
  expect(scoresOf([category, tags], [[3], []], 4)).toEqual([
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ]);
});
