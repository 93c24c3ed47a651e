import { RandomStream } from '@vector-recall/random';
import { hideIds } from './hide-ids';

describe('hideIds', () => {
  const rows = Int32Array.from({ length: 20_000 }, (_, row) => row);

  it('hides the share that was asked for', () => {
    const hidden = hideIds(rows, 0.2, new RandomStream(4));
    // The standard error of the share is 0.003.
    expect(hidden.filter((row) => row < 0).length / rows.length).toBeCloseTo(0.2, 1.9);
    hidden.forEach((row, at) => {
      if (row >= 0) expect(row).toBe(at);
    });
  });

  it('draws nothing for a share of 0', () => {
    const random = new RandomStream(4);
    expect(hideIds(rows, 0, random)).toBe(rows);
    expect(random.state()).toEqual(new RandomStream(4).state());
  });
});
