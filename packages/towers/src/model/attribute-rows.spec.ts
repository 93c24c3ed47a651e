import { RandomStream } from '@vector-recall/random';
import { fromAttributes } from './attribute-rows';
import { TABLE_DEVIATION, tableNormal } from './parameter-set';
import type { ItemInputs } from './types';

const DIM = 256;

function rowsOf(inputs: ItemInputs): Float32Array[] {
  const values = new Float32Array(inputs.count * DIM);
  fromAttributes(inputs)(values, [inputs.count, DIM], new RandomStream(3));
  return Array.from({ length: inputs.count }, (_, item) => values.subarray(item * DIM, (item + 1) * DIM));
}

function cosine(a: Float32Array, b: Float32Array): number {
  const product = a.reduce((sum, value, d) => sum + value * b[d], 0);
  return product / (Math.hypot(...a) * Math.hypot(...b));
}

it('brings items together by what they share, and keeps the deviation of a table', () => {
  const rows = rowsOf({
    count: 4,
    categories: { count: 3, values: Int32Array.of(0, 0, 1, -1) },
    tags: { count: 4, offsets: Int32Array.of(0, 2, 4, 5, 5), values: Int32Array.of(0, 1, 0, 1, 2) },
    features: { width: 2, values: Float32Array.of(1, -1, 1, -1, -1, 1, 1, 1) },
  });
  // The same attributes: 0.9 of the variance. Opposite features alone, a third of it: −0.3. The deviation of a cosine
  // of 256 dimensions is 0.06.
  expect(Math.abs(cosine(rows[0], rows[1]) - 0.9)).toBeLessThan(0.05);
  expect(Math.abs(cosine(rows[0], rows[2]) + 0.3)).toBeLessThan(0.2);
  const deviation = Math.hypot(...rows[0]) / Math.sqrt(DIM);
  expect(Math.abs(deviation / TABLE_DEVIATION - 1)).toBeLessThan(0.3);
});

it('reads an item by the share of its tags, and one without tags', () => {
  const tags = { count: 3, offsets: Int32Array.of(0, 1, 3, 3), values: Int32Array.of(0, 0, 1) };
  const [one, two, none] = rowsOf({ count: 3, tags });
  // One of two tags is shared: a cosine of 0.9 / √2.
  expect(Math.abs(cosine(one, two) - 0.64)).toBeLessThan(0.2);
  expect(none.every(Number.isFinite)).toBe(true);
  expect(Math.hypot(...none)).toBeLessThan(0.5 * Math.hypot(...one));
});

it('is a table as any other where items have no attributes', () => {
  expect(fromAttributes({ count: 3 })).toBe(tableNormal);
});
