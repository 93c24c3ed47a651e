import { featureMatrix, selectInput } from './standardise';

describe('featureMatrix', () => {
  it('brings numbers to mean 0 and variance 1 and says how', () => {
    const matrix = featureMatrix([{ name: 'price', values: [1, 3, 5, 7] }], 4);
    // Mean 4; variance (9 + 1 + 1 + 9) / 4 = 5.
    expect(matrix?.standardisation).toEqual({ mean: [4], scale: [Math.sqrt(5)] });
    expect(matrix?.values).toEqual(Float32Array.of(-3, -1, 1, 3).map((value) => value / Math.sqrt(5)));
  });

  it('flags missing numbers, those of rows beyond the column included', () => {
    const matrix = featureMatrix([{ name: 'year', values: [10, NaN, 20] }], 4);
    expect(matrix?.names).toEqual(['year', 'yearMissing']);
    expect(matrix?.standardisation).toEqual({ mean: [15, 0], scale: [5, 1] });
    expect([...(matrix?.values ?? [])]).toEqual([-1, 0, 0, 1, 1, 0, 0, 1]);
  });

  it('turns labels into flags beside the numbers', () => {
    const matrix = featureMatrix(
      [
        { name: 'age', values: [2, 4, 6] },
        { name: 'gender', labels: ['F', 'M'], indices: [1, -1, 0] },
      ],
      3,
    );
    expect(matrix?.names).toEqual(['age', 'gender=F', 'gender=M']);
    const [, f1, m1, , f2, m2, , f3, m3] = matrix?.values ?? [];
    expect([f1, m1, f2, m2, f3, m3]).toEqual([0, 1, 0, 0, 1, 0]);
  });

  it('makes a constant column zero', () => {
    expect(featureMatrix([{ name: 'same', values: [7, 7] }], 2)).toEqual({
      kind: 'numbers',
      name: 'features',
      names: ['same'],
      width: 1,
      values: Float32Array.of(0, 0),
      standardisation: { mean: [7], scale: [1] },
    });
  });

  it('keeps its precision for large numbers with a small spread', () => {
    const matrix = featureMatrix([{ name: 'id', values: [1e9, 1e9 + 1, 1e9 + 2] }], 3);
    expect(matrix?.values[2]).toBeCloseTo(Math.sqrt(1.5), 6);
  });

  it('is no matrix without columns', () => {
    expect(featureMatrix([], 3)).toBeUndefined();
  });
});

describe('selectInput', () => {
  it('takes rows in the given order, missing where the column ends', () => {
    const rows = Int32Array.of(2, 0, 5);
    expect(selectInput({ name: 'a', values: [1, 2, 3] }, rows)).toEqual({
      name: 'a',
      values: Float64Array.of(3, 1, NaN),
    });
    expect(selectInput({ name: 'b', labels: ['x'], indices: [0, -1, -1] }, rows)).toEqual({
      name: 'b',
      labels: ['x'],
      indices: Int32Array.of(-1, 0, -1),
    });
  });
});
