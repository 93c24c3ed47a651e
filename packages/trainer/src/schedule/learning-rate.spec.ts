import { learningRateAt } from './learning-rate';

const options = { peak: 0.1, totalSteps: 21, warmupFraction: 0.2, finalFraction: 0.1 };

describe('learningRateAt', () => {
  // 4 warm-up steps; then the cosine runs over the 16 steps from step 4 to step 20.
  it.each([
    [0, 0.025],
    [3, 0.1],
    [4, 0.1],
    [12, 0.055],
    [20, 0.01],
    [25, 0.01],
  ])('at step %i gives %f', (step, rate) => {
    expect(learningRateAt(step, options)).toBeCloseTo(rate, 12);
  });

  it('starts at the peak without a warm-up, even in a run of one step', () => {
    expect(learningRateAt(0, { ...options, warmupFraction: 0, totalSteps: 1 })).toBe(0.1);
  });
});
