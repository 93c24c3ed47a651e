import { configSchema, listOptions, presetNames } from '@vector-recall/core-config';
import { RandomStream } from '@vector-recall/random';
import { drawValues, searchSpace, withValues } from './search-space';

describe.each(['auto', ...presetNames] as const)('the space of %s', (preset) => {
  it('holds options that there are, in their range', () => {
    const space = searchSpace(preset);
    const paths = new Set(listOptions().map(({ path }) => path));
    for (const { path } of space) expect(paths).toContain(path);
    const config = configSchema.parse({});
    for (let seed = 0; seed < 50; seed++) {
      const values = drawValues(space, new RandomStream(seed));
      const { model, training } = withValues(config, values);
      const option = (path: string, value: number): void => {
        expect([path, value]).toEqual([path, values[path] ?? value]);
      };
      option('training.learningRate', training.learningRate);
      option('model.dropout', model.dropout);
      option('model.historyDropout', model.historyDropout);
    }
  });
});

it('draws the same by the same seed, and over orders of magnitude evenly', () => {
  const space = searchSpace('auto');
  expect(drawValues(space, new RandomStream(3))).toEqual(drawValues(space, new RandomStream(3)));
  const random = new RandomStream(8);
  const drawn = Array.from({ length: 2000 }, () => Number(drawValues(space, random)['training.learningRate']));
  // Half of the draws are below the geometric mean of 3e-4 and 1e-2.
  expect(drawn.filter((value) => value < Math.sqrt(3e-6)).length / drawn.length).toBeCloseTo(0.5, 1);
});
