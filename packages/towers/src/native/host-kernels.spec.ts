import { createHash } from 'node:crypto';
import { RandomStream } from '@vector-recall/random';
import { lookUp, lookUpMean, lookUpMeanPortable, lookUpPortable } from '../embedding/lookup';
import { RowGradients } from '../embedding/row-gradients';
import { factorSlopes, factorSlopesPortable, poolByRecency, poolByRecencyPortable } from '../history/recency/pool';
import { RecencyWeights } from '../history/recency/weights';
import { sumColumns, sumOfProducts, sumSquaredDeviations, transposeMatrix } from '../ops/host-columns';
import { hostKernels, type HostKernels } from './host-kernels';

const ROWS = 3000;

const kernels = hostKernels();

/** Widths on both sides of a vector of the processor, and enough rows that several threads share the work. */
const dims = [1, 7, 16, 33, 64];

function floats(length: number, random: RandomStream): Float32Array {
  return Float32Array.from({ length }, () => random.normal());
}

function ints(length: number, bound: number, random: RandomStream): Int32Array {
  return Int32Array.from({ length }, () => random.integer(bound));
}

/** Lists of 0 to 24 rows. */
function lists(count: number, random: RandomStream) {
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i] + random.integer(25);
  return { offsets, rows: ints(offsets[count], ROWS, random) };
}

/** A digest: comparing long arrays entry by entry takes jest seconds. */
function bits(values: Float32Array | Float64Array | Int32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}

function bothWays(dim: number, native: HostKernels, fill: (gradients: RowGradients) => void) {
  const results = [new RowGradients(dim, native), new RowGradients(dim, null)].map((gradients) => {
    // The second batch meets what the first has left in the buffers.
    fill(gradients);
    gradients.clear();
    fill(gradients);
    return gradients.result();
  });
  return { native: results[0], portable: results[1] };
}

// Without a C++ compiler there are no native kernels to compare with.
(kernels ? describe : describe.skip)('the native kernels give the bits of the loops in JavaScript', () => {
  const native = kernels as HostKernels;

  it.each(dims)('in means by age of width %i, and their gradients', (dim) => {
    const random = new RandomStream(dim);
    const weights = RecencyWeights.of([1, 4, 16], 24);
    const histories = lists(500, random);
    const table = floats(ROWS * dim, random);
    const [a, b] = [0, 1].map(() => new Float32Array(500 * weights.scales * dim).fill(7));
    poolByRecency(table, dim, histories, weights, a);
    poolByRecencyPortable(table, dim, histories, weights, b);
    expect(bits(a)).toBe(bits(b));
    const results = bothWays(dim, native, (gradients) => {
      gradients.addPooled(histories, a, weights);
    });
    expect(bits(results.native.rows)).toBe(bits(results.portable.rows));
    expect(bits(results.native.values)).toBe(bits(results.portable.values));
  });

  it.each(dims)('in means by age and factor of width %i, their gradients and slopes', (dim) => {
    const random = new RandomStream(dim);
    const weights = RecencyWeights.of([1, 4], 24);
    const histories = lists(500, random);
    const table = floats(ROWS * dim, random);
    const factors = floats(histories.rows.length, random).map(Math.exp);
    const [a, b] = [0, 1].map(() => new Float32Array(500 * weights.scales * dim).fill(7));
    poolByRecency(table, dim, histories, weights, a, factors);
    poolByRecencyPortable(table, dim, histories, weights, b, factors);
    expect(bits(a)).toBe(bits(b));
    const results = bothWays(dim, native, (gradients) => {
      gradients.addPooled(histories, a, weights, factors);
    });
    expect(bits(results.native.values)).toBe(bits(results.portable.values));
    const slopes = new Float32Array(factors.length);
    factorSlopesPortable(table, dim, histories, weights, factors, a, slopes);
    expect(bits(factorSlopes(table, dim, histories, weights, factors, a))).toBe(bits(slopes));
  });

  it('and refuses lists that are longer than the weights by age', () => {
    const { powers, norms, scales, length } = RecencyWeights.of([1], 2);
    const pool = (): void => {
      native.poolLists(
        new Float32Array(4),
        1,
        Int32Array.of(0, 3),
        Int32Array.of(0, 1, 2),
        powers,
        norms,
        scales,
        length,
        new Float32Array(2),
        undefined,
      );
    };
    expect(pool).toThrow('A list is longer than the weights by age.');
  });

  it.each(dims)('in look-ups of width %i', (dim) => {
    const random = new RandomStream(dim);
    const table = floats(ROWS * dim, random);
    const rows = ints(4000, ROWS + 1, random).map((row) => row - 1);
    const [a, b] = [0, 1].map(() => new Float32Array(rows.length * (dim + 3)).fill(7));
    lookUp(table, dim, rows, { values: a, stride: dim + 3, offset: 2 });
    lookUpPortable(table, dim, rows, { values: b, stride: dim + 3, offset: 2 });
    expect(bits(a)).toBe(bits(b));
  });

  it.each(dims)('in means of width %i, of all lists and of picked ones', (dim) => {
    const random = new RandomStream(dim);
    const table = floats(ROWS * dim, random);
    const histories = lists(900, random);
    for (const picks of [undefined, ints(700, 900, random)]) {
      const [a, b] = [0, 1].map(() => new Float32Array(900 * dim));
      lookUpMean(table, dim, histories, { values: a, stride: dim, offset: 0 }, picks);
      lookUpMeanPortable(table, dim, histories, { values: b, stride: dim, offset: 0 }, picks);
      expect(bits(a)).toBe(bits(b));
    }
  });

  it.each(dims)('in sums over %i columns and their transpose', (columns) => {
    const random = new RandomStream(columns);
    for (const rows of [3, 4097]) {
      const [x, y] = [0, 1].map(() => floats(rows * columns, random));
      const centre = Float64Array.from({ length: columns }, () => random.normal());
      const [a, b] = [native, null].map((kernels) =>
        [
          sumColumns(x, columns, kernels),
          sumSquaredDeviations(x, centre, kernels),
          sumOfProducts(y, x, centre, kernels),
          transposeMatrix(x, rows, columns, kernels),
        ].map(bits),
      );
      expect(a).toEqual(b);
    }
  });

  it.each(dims)('in sums of gradients of width %i', (dim) => {
    const random = new RandomStream(dim);
    const rows = ints(5000, ROWS + 1, random).map((row) => row - 1);
    const histories = lists(900, random);
    const picks = ints(700, 900, random);
    const gradient = { values: floats(5000 * (dim + 1), random), stride: dim + 1, offset: 1 };
    const result = bothWays(dim, native, (gradients) => {
      gradients.add(rows, gradient);
      gradients.addMean(histories, gradient);
      gradients.addMean(histories, gradient, picks);
      gradients.addRow(5, gradient.values, 1);
    });
    expect(bits(result.native.rows)).toBe(bits(result.portable.rows));
    expect(bits(result.native.values)).toBe(bits(result.portable.values));
  });
});

(kernels ? describe : describe.skip)('the native kernels refuse', () => {
  const native = kernels as HostKernels;
  const table = new Float32Array(6);
  const out = new Float32Array(4);

  it.each<[string, () => void]>([
    [
      'A row is outside of its table.',
      () => {
        native.lookUp(table, 2, Int32Array.of(0, 3), out, 2, 0);
      },
    ],
    [
      'A block is smaller than its rows.',
      () => {
        native.lookUp(table, 2, Int32Array.of(0, 1, 2), out, 2, 0);
      },
    ],
    [
      'A block is smaller than its rows.',
      () => {
        native.lookUp(table, 2, Int32Array.of(0), out, 2, 1);
      },
    ],
    [
      'A list is outside of its rows.',
      () => {
        native.lookUpMean(table, 2, Int32Array.of(0, 2), Int32Array.of(0), undefined, out, 2, 0);
      },
    ],
    [
      'A row is outside of its table.',
      () => {
        native.lookUpMean(table, 2, Int32Array.of(0, 1), Int32Array.of(-1), undefined, out, 2, 0);
      },
    ],
    [
      'There is not one slot for each entry of the lists.',
      () => {
        native.addMeans(table, 2, Int32Array.of(0), Int32Array.of(0, 2), undefined, out, 2, 0);
      },
    ],
    [
      'A row is outside of its table.',
      () => {
        native.addRows(table, 2, Int32Array.of(3), out, 2, 0);
      },
    ],
  ])('%s', (message, call) => {
    expect(call).toThrow(message);
  });
});
