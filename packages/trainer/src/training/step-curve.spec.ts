import { StepCurve } from './step-curve';

function add(curve: StepCurve, from: number, to: number): void {
  for (let step = from; step <= to; step++) {
    curve.add(step, { loss: step, learningRate: 2 * step, gradientNorm: 3 * step });
  }
}

describe('StepCurve', () => {
  it('keeps every step of a short training', () => {
    const curve = new StepCurve(3);
    add(curve, 1, 3);
    expect(curve.points.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('takes means of a long one, and has at most 200 points', () => {
    const curve = new StepCurve(1000);
    add(curve, 1, 1000);
    expect(curve.points).toHaveLength(200);
    // Steps 1 to 5: the mean is 3.
    expect(curve.points[0]).toEqual({ step: 5, loss: 3, learningRate: 6, gradientNorm: 9 });
    expect(curve.points[199]).toEqual({ step: 1000, loss: 998, learningRate: 1996, gradientNorm: 2994 });
  });

  it('goes on in the middle of a point from its state', () => {
    const straight = new StepCurve(1000);
    add(straight, 1, 20);
    const before = new StepCurve(1000);
    add(before, 1, 7);
    const after = new StepCurve(1000, before.state());
    add(after, 8, 20);
    expect(after.state()).toEqual(straight.state());
  });
});
