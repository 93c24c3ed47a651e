import { EarlyStopping } from './early-stopping';

describe('EarlyStopping', () => {
  it('stops after as many epochs without a better value as its patience', () => {
    const stopping = new EarlyStopping(2);
    const seen = [0.1, 0.3, 0.3, 0.2].map((value, n) => [stopping.observe(n + 1, value), stopping.shouldStop(n + 1)]);
    expect(seen).toEqual([
      [true, false],
      [true, false],
      [false, false],
      [false, true],
    ]);
    expect(stopping.state).toEqual({ bestEpoch: 2, bestValue: 0.3 });
  });

  it('never stops with a patience of 0', () => {
    const stopping = new EarlyStopping(0);
    stopping.observe(1, 1);
    stopping.observe(50, 0);
    expect(stopping.shouldStop(50)).toBe(false);
  });

  it('counts a first value of 0 as the best, and goes on from a saved state', () => {
    const first = new EarlyStopping(3);
    expect(first.observe(1, 0)).toBe(true);
    const second = new EarlyStopping(3, first.state);
    expect(second.observe(2, 0)).toBe(false);
    expect(second.shouldStop(4)).toBe(true);
  });
});
