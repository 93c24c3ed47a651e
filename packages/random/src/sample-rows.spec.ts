import { RandomStream } from './random-stream';
import { sampleRows } from './sample-rows';

describe('sampleRows', () => {
  it('draws rows without repeats', () => {
    const matrix = Float32Array.from({ length: 40 }, (_, n) => Math.floor(n / 2));
    const rows = [...sampleRows(matrix, 2, 8, new RandomStream(2))];
    expect(rows).toHaveLength(16);
    expect(new Set(rows).size).toBe(8);
    expect(sampleRows(matrix, 2, 100, new RandomStream(2))).toHaveLength(40);
  });
});
