import fc from 'fast-check';
import { RowGradients } from './row-gradients';

function asObject(gradients: RowGradients, dim: number): Record<number, number[]> {
  const { rows, values } = gradients.result();
  expect(new Set(rows).size).toBe(rows.length);
  return Object.fromEntries(Array.from(rows, (row, i) => [row, [...values.subarray(i * dim, (i + 1) * dim)]]));
}

describe('RowGradients', () => {
  it('sums look-ups and means of look-ups by row', () => {
    const gradients = new RowGradients(2);
    gradients.add(Int32Array.of(5, -1, 5), { values: Float32Array.of(1, 2, 9, 9, 3, 4), stride: 2, offset: 0 });
    const lists = { offsets: Int32Array.of(0, 2, 2), rows: Int32Array.of(5, 8) };
    gradients.addMean(lists, { values: Float32Array.of(0, 10, 20, 0, 9, 9), stride: 3, offset: 1 });
    gradients.addRow(8, Float32Array.of(0, 1, 1), 1);
    expect(asObject(gradients, 2)).toEqual({ 5: [9, 16], 8: [6, 11] });
  });

  it('spreads the mean of a long list over its rows and counts a row as often as it is there', () => {
    const gradients = new RowGradients(1);
    const lists = { offsets: Int32Array.of(0, 10), rows: Int32Array.of(7, 7, 1, 7, 2, 3, 2, 7, 9, 9) };
    gradients.addMean(lists, { values: Float32Array.of(10), stride: 1, offset: 0 });
    expect(asObject(gradients, 1)).toEqual({ 1: [1], 2: [2], 3: [1], 7: [4], 9: [2] });
  });

  it('starts anew after clear, whatever the last batch left in the buffers', () => {
    const gradients = new RowGradients(1);
    gradients.add(Int32Array.of(3, 4), { values: Float32Array.of(1, 2), stride: 1, offset: 0 });
    gradients.clear();
    gradients.add(Int32Array.of(4), { values: Float32Array.of(5), stride: 1, offset: 0 });
    expect(asObject(gradients, 1)).toEqual({ 4: [5] });
  });

  it('agrees with a plain sum for any rows, batch after batch', () => {
    const gradients = new RowGradients(1);
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { maxLength: 3000 }), { maxLength: 3 });
    fc.assert(
      fc.property(batches, (all) => {
        for (const rows of all) {
          gradients.clear();
          const values = new Float32Array(rows.length).map((_, i) => i % 7);
          gradients.add(Int32Array.from(rows), { values, stride: 1, offset: 0 });
          const sums: Partial<Record<number, number[]>> = {};
          for (const [i, row] of rows.entries()) sums[row] = [(sums[row]?.[0] ?? 0) + (i % 7)];
          expect(asObject(gradients, 1)).toEqual(sums);
        }
      }),
      { numRuns: 30, seed: 11 },
    );
  });

  it('grows past its first buffers without losing a row', () => {
    const gradients = new RowGradients(2);
    const rows = Int32Array.from({ length: 5000 }, (_, i) => i * 3);
    gradients.add(rows, { values: new Float32Array(10_000).map((_, i) => i), stride: 2, offset: 0 });
    const { rows: distinct, values } = gradients.result();
    expect([...distinct]).toEqual([...rows]);
    expect([...values.subarray(9998)]).toEqual([9998, 9999]);
  });
});
