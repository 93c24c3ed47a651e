import { RandomStream } from '@vector-recall/random';
import { describeBackends } from '../testing/backends';
import { ridgeRegression } from './ridge';

const ROWS = 400;
const random = new RandomStream(9, 'ridge');
const x = Float32Array.from({ length: ROWS * 3 }, () => random.normal());
const truth = [0.5, -1, 2, 0.25, 1.5, 0];

describeBackends('ridge regression', () => {
  it('finds the map that outputs were made by, a little shrunk', () => {
    const y = Float32Array.from({ length: ROWS * 2 }, (_, at) => {
      const [row, output] = [Math.floor(at / 2), at % 2];
      return [0, 1, 2].reduce((sum, i) => sum + x[row * 3 + i] * truth[i * 2 + output], 0);
    });
    const found = ridgeRegression(x, y, ROWS);
    found.forEach((value, at) => {
      expect(Math.abs(value - truth[at])).toBeLessThan(0.05);
    });
    expect(Math.hypot(...found)).toBeLessThan(Math.hypot(...truth));
  });

  it('stays finite where an input is always the same as another', () => {
    const doubled = x.map((_, at) => x[at - (at % 3)]);
    const y = Float32Array.from({ length: ROWS }, (_, row) => doubled[row * 3]);
    const found = ridgeRegression(doubled, y, ROWS);
    expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 1);
    found.forEach((value) => {
      expect(value).toBeCloseTo(1 / 3, 1);
    });
  });
});
