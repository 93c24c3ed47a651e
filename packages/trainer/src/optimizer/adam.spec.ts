import { createHash } from 'node:crypto';
import { RandomStream } from '@vector-recall/random';
import { hostKernels, type Parameter } from '@vector-recall/towers';
import { Adam } from './adam';

function parameter(name: string, shape: number[], values: ArrayLike<number>, kind: Parameter['kind']): Parameter {
  return { name, shape, values: Float32Array.from(values), kind, trainable: true };
}

function only(value: Parameter): Map<string, Parameter> {
  return new Map([[value.name, value]]);
}

const none = new Map<string, never>();

describe('Adam', () => {
  it('takes the two steps that are derived by hand', () => {
    const weight = parameter('w', [1], [1], 'dense');
    const adam = new Adam(only(weight), { epsilon: 1e-8 });
    // t = 1: m = 0.1·2, m̂ = 2, v = 0.001·4, v̂ = 4, so the step is lr·2/√4 = lr.
    adam.step({ dense: new Map([['w', Float32Array.of(2)]]), tables: none }, 0.1);
    expect(weight.values[0]).toBeCloseTo(0.9, 6);
    // t = 2 with g = -1: m = 0.9·0.2 - 0.1 = 0.08, m̂ = 0.08/0.19 = 0.421053;
    // v = 0.999·0.004 + 0.001 = 0.004996, v̂ = 0.004996/0.001999 = 2.499250; 0.421053/√2.499250 = 0.266338.
    adam.step({ dense: new Map([['w', Float32Array.of(-1)]]), tables: none }, 0.1);
    expect(weight.values[0]).toBeCloseTo(0.9 - 0.0266338, 6);
    expect(adam.steps).toBe(2);
  });

  it('shrinks matrices and the rows of a step by the weight decay, and neither biases nor other rows', () => {
    const matrix = parameter('w', [1, 2], [1, -2], 'dense');
    const bias = parameter('b', [1], [3], 'dense');
    const table = parameter('t', [2, 1], [4, 5], 'table');
    const adam = new Adam(new Map([matrix, bias, table].map((each) => [each.name, each])), { weightDecay: 0.5 });
    const dense = new Map([
      ['w', new Float32Array(2)],
      ['b', new Float32Array(1)],
    ]);
    const tables = new Map([['t', { rows: Int32Array.of(1), values: new Float32Array(1) }]]);
    // Without a gradient all that moves a weight is the decay, 1 − 0.1·0.5.
    adam.step({ dense, tables }, 0.1);
    expect([...matrix.values, ...bias.values, ...table.values]).toEqual(
      [0.95, -1.9, 3, 4, 4.75].map((value) => expect.closeTo(value, 6) as number),
    );
  });

  it('updates a table as it updates a dense weight when every row is touched', () => {
    const random = new RandomStream(1);
    const start = Float32Array.from({ length: 12 }, () => random.normal());
    const table = parameter('t', [4, 3], start, 'table');
    const dense = parameter('t', [4, 3], start, 'dense');
    const sparseAdam = new Adam(only(table), { clipNorm: 1 });
    const denseAdam = new Adam(only(dense), { clipNorm: 1 });
    for (let step = 0; step < 5; step++) {
      const gradient = Float32Array.from({ length: 12 }, () => random.normal());
      const rows = Int32Array.of(2, 0, 3, 1);
      const values = new Float32Array(12);
      rows.forEach((row, n) => {
        values.set(gradient.subarray(row * 3, row * 3 + 3), n * 3);
      });
      sparseAdam.step({ dense: none, tables: new Map([['t', { rows, values }]]) }, 0.01);
      denseAdam.step({ dense: new Map([['t', gradient]]), tables: none }, 0.01);
    }
    // The norms are summed in another order, so the clipping factors differ in their last bits.
    table.values.forEach((value, n) => {
      expect(value).toBeCloseTo(dense.values[n], 6);
    });
    expect(table.values).not.toEqual(start);
  });

  it('leaves rows without a gradient, and their moments, as they are', () => {
    const table = parameter('t', [3, 2], [1, 1, 2, 2, 3, 3], 'table');
    const adam = new Adam(only(table));
    adam.step(
      { dense: none, tables: new Map([['t', { rows: Int32Array.of(1), values: Float32Array.of(1, -1) }]]) },
      0.5,
    );
    expect([...table.values].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 1, 1.5, 2.5, 3, 3]);
    expect([...(adam.moments.get('t')?.first ?? [])].map(Math.sign)).toEqual([0, 0, 1, -1, 0, 0]);
  });

  it('clips by the norm of all gradients together', () => {
    const clipped = parameter('a', [1], [0], 'dense');
    const table = parameter('b', [1, 1], [0], 'table');
    const adam = new Adam(
      new Map([
        ['a', clipped],
        ['b', table],
      ]),
      { clipNorm: 1 },
    );
    const norm = adam.step(
      {
        dense: new Map([['a', Float32Array.of(3)]]),
        tables: new Map([['b', { rows: Int32Array.of(0), values: Float32Array.of(4) }]]),
      },
      0.1,
    );
    expect(norm).toBe(5);
    // The first moment holds 0.1 of the clipped gradient, 3/5 and 4/5.
    expect(adam.moments.get('a')?.first[0]).toBeCloseTo(0.06, 7);
    expect(adam.moments.get('b')?.first[0]).toBeCloseTo(0.08, 7);
  });

  it('updates nothing when a gradient is not finite', () => {
    const weight = parameter('w', [2], [1, 1], 'dense');
    const adam = new Adam(only(weight), { clipNorm: 1 });
    expect(adam.step({ dense: new Map([['w', Float32Array.of(NaN, 1)]]), tables: none }, 0.1)).toBeNaN();
    expect([...weight.values]).toEqual([1, 1]);
    expect(adam.steps).toBe(0);
  });

  it('refuses a gradient of something it does not train', () => {
    const adam = new Adam(only({ ...parameter('w', [1], [1], 'dense'), trainable: false }));
    expect(() => adam.step({ dense: new Map([['w', Float32Array.of(1)]]), tables: none }, 0.1)).toThrow(
      'There is a gradient for w, which is not a trainable parameter.',
    );
  });

  // Without a C++ compiler there are no native kernels to compare with.
  (hostKernels() ? it : it.skip).each([1, 7, 64])('gives the same bits natively and in JavaScript, width %i', (dim) => {
    const rowCount = 3000;
    const run = (native: null | undefined): string => {
      const random = new RandomStream(dim);
      const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
      const table = parameter('t', [rowCount, dim], draw(rowCount * dim), 'table');
      const weight = parameter('w', [70_001], draw(70_001), 'dense');
      const parameters = new Map([table, weight].map((value) => [value.name, value]));
      const adam = new Adam(parameters, { clipNorm: 1, native });
      const norms = new Float64Array(4);
      for (let step = 0; step < norms.length; step++) {
        const rows = Int32Array.from({ length: rowCount / 2 }, (_, n) => 2 * n + (step % 2));
        const tables = new Map([['t', { rows, values: draw(rows.length * dim) }]]);
        norms[step] = adam.step({ dense: new Map([['w', draw(70_001)]]), tables }, 0.01);
      }
      const moments = [...adam.moments.values()].flatMap(({ first, second }) => [first, second]);
      // A digest: comparing long arrays entry by entry takes jest seconds.
      const hash = createHash('sha256').update(norms);
      for (const values of [table.values, weight.values, ...moments]) hash.update(values);
      return hash.digest('hex');
    };
    expect(run(undefined)).toBe(run(null));
  });
});
