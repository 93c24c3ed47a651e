import { RandomStream } from '@vector-recall/random';
import { TABLE_DEVIATION, tableNormal } from '../model/parameter-set';
import type { FieldInput } from './field-input';
import { startFromFields } from './start-from-fields';

const DIM = 256;

function rowsOf(count: number, fields: readonly FieldInput[]): Float32Array[] {
  const values = new Float32Array(count * DIM);
  startFromFields(fields)(values, [count, DIM], new RandomStream(3));
  return Array.from({ length: count }, (_, item) => values.subarray(item * DIM, (item + 1) * DIM));
}

function cosine(a: Float32Array, b: Float32Array): number {
  const product = a.reduce((sum, value, d) => sum + value * b[d], 0);
  return product / (Math.hypot(...a) * Math.hypot(...b));
}

it('brings items together by what they share, and keeps the deviation of a table', () => {
  const offsets = Int32Array.of(0, 2, 4, 5, 5);
  const rows = rowsOf(4, [
    { kind: 'category', name: 'genre', count: 3, values: Int32Array.of(0, 0, 1, -1) },
    { kind: 'tags', name: 'tags', count: 4, offsets, values: Int32Array.of(0, 1, 0, 1, 2) },
    { kind: 'numbers', name: 'features', width: 2, values: Float32Array.of(1, -1, 1, -1, -1, 1, 1, 1) },
  ]);
  // The same attributes: 0.9 of the variance. Opposite features alone, a third of it: −0.3. The deviation of a cosine
  // of 256 dimensions is 0.06.
  expect(Math.abs(cosine(rows[0], rows[1]) - 0.9)).toBeLessThan(0.05);
  expect(Math.abs(cosine(rows[0], rows[2]) + 0.3)).toBeLessThan(0.2);
  const deviation = Math.hypot(...rows[0]) / Math.sqrt(DIM);
  expect(Math.abs(deviation / TABLE_DEVIATION - 1)).toBeLessThan(0.3);
});

it('reads an item by the share of its tags, and one without tags', () => {
  const offsets = Int32Array.of(0, 1, 3, 3);
  const [one, two, none] = rowsOf(3, [
    { kind: 'tags', name: 'tags', count: 3, offsets, values: Int32Array.of(0, 0, 1) },
  ]);
  // One of two tags is shared: a cosine of 0.9 / √2.
  expect(Math.abs(cosine(one, two) - 0.64)).toBeLessThan(0.2);
  expect(none.every(Number.isFinite)).toBe(true);
  expect(Math.hypot(...none)).toBeLessThan(0.5 * Math.hypot(...one));
});

it('is a table as any other where items have no fields', () => {
  expect(startFromFields([])).toBe(tableNormal);
});

it('keeps the angles of vectors, and brings texts together by the n-grams they share', () => {
  const vectors = {
    kind: 'vectors',
    name: 'image',
    width: 3,
    values: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 0, 2),
  } as const;
  const [along, diagonal, across] = rowsOf(3, [vectors]);
  // A cosine of √½, of which the noise of nine tenths leaves less; the deviation of a random projection is 0.06.
  expect(Math.abs(cosine(along, diagonal) - 0.55)).toBeLessThan(0.25);
  expect(Math.abs(cosine(along, across))).toBeLessThan(0.2);
  const offsets = Int32Array.of(0, 2, 4, 6);
  const text = { kind: 'text', name: 'title', count: 5, offsets, values: Int32Array.of(0, 1, 1, 2, 3, 4) } as const;
  const [first, second, other] = rowsOf(3, [text]);
  // One of two n-grams: 0.9 / 2.
  expect(Math.abs(cosine(first, second) - 0.45)).toBeLessThan(0.2);
  expect(Math.abs(cosine(first, other))).toBeLessThan(0.2);
});
