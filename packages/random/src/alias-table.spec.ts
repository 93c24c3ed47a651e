import { AliasTable } from './alias-table';
import { RandomStream } from './random-stream';

describe('AliasTable', () => {
  it('draws in proportion to the weights', () => {
    const weights = [5, 0, 1, 3, 0.5, 0.5];
    const table = new AliasTable(weights);
    const stream = new RandomStream(11);
    const n = 100_000;
    const counts = new Float64Array(weights.length);
    for (let i = 0; i < n; i++) counts[table.sample(stream)]++;
    weights.forEach((weight, index) => {
      expect(table.probability(index)).toBeCloseTo(weight / 10, 12);
      expect(counts[index] / n).toBeCloseTo(weight / 10, 2);
    });
    expect(counts[1]).toBe(0);
  });

  it('holds the weights exactly over a long tail', () => {
    const weights = Float64Array.from({ length: 5000 }, (_, rank) => 1 / (rank + 1));
    const table = new AliasTable(weights);
    const stream = new RandomStream(12);
    let head = 0;
    for (let i = 0; i < 50_000; i++) head += table.sample(stream) < 10 ? 1 : 0;
    const expected = Array.from({ length: 10 }, (_, rank) => table.probability(rank)).reduce((a, b) => a + b);
    expect(head / 50_000).toBeCloseTo(expected, 1.9);
  });

  it('gives probability zero outside its range', () => {
    expect(new AliasTable([1, 1]).probability(2)).toBe(0);
  });

  it.each([
    ['a negative weight', [1, -1], 'Weight 1 is -1'],
    ['NaN', [Number.NaN], 'Weight 0 is NaN'],
    ['infinity', [1, Infinity], 'Weight 1 is Infinity'],
    ['no weight at all', [], 'a finite sum above zero'],
    ['only zeros', [0, 0], 'a finite sum above zero'],
  ])('refuses %s', (_, weights, message) => {
    expect(() => new AliasTable(weights)).toThrow(message);
  });
});
