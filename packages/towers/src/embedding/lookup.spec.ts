import { lookUp, lookUpMean } from './lookup';

/** Three rows of two. */
const table = Float32Array.of(1, 2, 10, 20, 100, 200);

describe('lookUp', () => {
  it('writes rows into its own columns of a wider block and zeros for -1', () => {
    const values = new Float32Array(9).fill(7);
    lookUp(table, 2, Int32Array.of(2, -1, 0), { values, stride: 3, offset: 1 });
    expect([...values]).toEqual([7, 100, 200, 7, 0, 0, 7, 1, 2]);
  });
});

describe('lookUpMean', () => {
  const lists = { offsets: Int32Array.of(0, 2, 2, 5), rows: Int32Array.of(0, 1, 2, 2, 1) };

  it('averages lists, counts repeats, and gives zeros for an empty list', () => {
    const values = new Float32Array(6).fill(7);
    lookUpMean(table, 2, lists, { values, stride: 2, offset: 0 });
    expect([...values]).toEqual([5.5, 11, 0, 0, 70, 140]);
  });

  it('averages lists longer than a group of four', () => {
    const long = { offsets: Int32Array.of(0, 6), rows: Int32Array.of(0, 0, 0, 1, 1, 2) };
    const values = new Float32Array(2).fill(7);
    lookUpMean(table, 2, long, { values, stride: 2, offset: 0 });
    // (3·1 + 2·10 + 100) / 6 and twice that.
    expect([...values]).toEqual([20.5, 41]);
  });

  it('reads the picked lists only', () => {
    const values = new Float32Array(4);
    lookUpMean(table, 2, lists, { values, stride: 2, offset: 0 }, Int32Array.of(2, 0));
    expect([...values]).toEqual([70, 140, 5.5, 11]);
  });
});
