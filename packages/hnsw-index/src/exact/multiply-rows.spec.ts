import { multiplyRows } from './multiply-rows';

/** Numbers that follow no pattern. */
const draw = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * i + length));

it.each([
  [1, 1, 3],
  [3, 5, 16],
  [4, 4, 128],
  [5, 7, 40],
  [3001, 9, 33],
])('multiplies %i vectors with %i queries of %i dimensions', (count, n, dim) => {
  const [vectors, queries] = [draw(count * dim), draw(n * dim)];
  const products = new Float32Array(n * count).fill(NaN);
  expect(multiplyRows(vectors, dim, queries, products)).toBe(true);
  const worst = products.reduce((most, product, at) => {
    const [query, row] = [Math.floor(at / count) * dim, (at % count) * dim];
    let expected = 0;
    for (let d = 0; d < dim; d++) expected += queries[query + d] * vectors[row + d];
    return Math.max(most, Number.isNaN(product) ? Infinity : Math.abs(product - expected));
  }, 0);
  expect(worst).toBeLessThan(1e-4);
});

it('gives equal vectors equal products, wherever they stand', () => {
  const dim = 50;
  const vector = draw(dim);
  const vectors = Float32Array.from({ length: 1003 * dim }, (_, at) => vector[at % dim]);
  const products = new Float32Array(2 * 1003);
  multiplyRows(vectors, dim, draw(2 * dim), products);
  expect(new Set(products.subarray(0, 1003)).size).toBe(1);
});
