import { recallOf, sweep, type Searchable } from './sweep';

const truth = [Int32Array.of(1, 2), Int32Array.of(3, 4)];

describe('recallOf', () => {
  it('is the share of the true neighbours found, of numbers and of 64-bit integers', () => {
    expect(
      recallOf(
        [
          [2, 1],
          [3, 9],
        ],
        truth,
      ),
    ).toBe(0.75);
    expect(recallOf([BigUint64Array.of(1n, 2n), [4, 3]], truth)).toBe(1);
  });
});

describe('sweep', () => {
  /** Finds one neighbour of each query with setting 1, and both from 2 on. */
  function narrowOrBroad(): Searchable {
    let setting = 0;
    const one = (row: number): Int32Array => truth[row].subarray(0, Math.min(2, setting));
    return {
      buildSeconds: null,
      bytesPerVector: 8,
      use: (value) => {
        setting = value;
      },
      one,
      awaitOne: (row) => Promise.resolve(one(row)),
      all: () => truth.map((_, row) => one(row)),
      close: () => undefined,
    };
  }

  it('measures three settings, and on until one finds enough', async () => {
    const points = await sweep(narrowOrBroad(), { truth, settings: [1, 2, 3, 4], enough: 0.9 });
    expect(points.map(({ setting, recall }) => [setting, recall])).toEqual([
      [1, 0.5],
      [2, 1],
      [3, 1],
    ]);
    const narrow = await sweep(narrowOrBroad(), { truth, settings: [1, 1, 1, 1, 2, 3], enough: 0.9 });
    expect(narrow.map(({ recall }) => recall)).toEqual([0.5, 0.5, 0.5, 0.5, 1]);
    for (const { together, alone, awaited = 0, p50Ms, p99Ms } of points) {
      expect(Math.min(together, alone, awaited)).toBeGreaterThan(0);
      expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    }
  });
});
