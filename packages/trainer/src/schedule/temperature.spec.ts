import { temperatureAt } from './temperature';

describe('temperatureAt', () => {
  it.each([
    [0, 0.2],
    [5, 0.1],
    [10, 0.05],
    [12, 0.05],
  ])('at step %i gives %f', (step, temperature) => {
    expect(temperatureAt(step, { first: 0.2, totalSteps: 11, finalFraction: 0.25 })).toBeCloseTo(temperature, 12);
  });

  it('stays where it is by a fraction of one, and in a run of one step', () => {
    expect(temperatureAt(7, { first: 0.2, totalSteps: 11, finalFraction: 1 })).toBe(0.2);
    expect(temperatureAt(0, { first: 0.2, totalSteps: 1, finalFraction: 0.25 })).toBe(0.2);
  });
});
