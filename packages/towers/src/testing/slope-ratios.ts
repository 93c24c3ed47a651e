import { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '../model/two-tower-model';
import type { Gradients, Parameter, UserBatch } from '../model/types';
import { infoNce, toyItems } from './toy-world';

/** What the stated gradient of a parameter is worth. */
export interface SlopeRatio {
  readonly name: string;
  /** How the loss changes along the gradient, as a share of what the gradient says; NaN where it says nothing. */
  readonly ratio: number;
}

/** Compares the stated gradient of each parameter with central differences of the loss along it. */
export function slopeRatios(model: TwoTowerModel, batch: UserBatch): SlopeRatio[] {
  const step = () => model.computeGradients(batch, toyItems(), infoNce, new RandomStream(1, 'dropout'));
  const { gradients } = step();
  const trainable = [...model.parameters.values()].filter((parameter) => parameter.trainable);
  // Before the next step, which writes over them.
  const stated = trainable.map((parameter) => gradientOf(parameter, gradients));
  return trainable.map(({ name, values }, place) => {
    const gradient = stated[place];
    const length = Math.hypot(...gradient);
    if (length < 1e-6) return { name, ratio: NaN };
    const start = Float32Array.from(values);
    const lossAt = (by: number): number => {
      values.forEach((_, i) => (values[i] = start[i] + (by * gradient[i]) / length));
      return step().loss;
    };
    // Far enough for the change to stand out of 32-bit rounding, where the loss hardly depends on a parameter.
    const shift = Math.min(0.05, Math.max(5e-4, 1e-4 / length));
    const change = (lossAt(shift) - lossAt(-shift)) / (2 * shift);
    values.set(start);
    return { name, ratio: change / length };
  });
}

/** The gradient of a parameter as one array of its size. */
export function gradientOf({ name, kind, shape, values }: Parameter, gradients: Gradients): Float32Array {
  const whole = new Float32Array(values.length);
  if (kind === 'dense') {
    whole.set(gradients.dense.get(name) ?? []);
    return whole;
  }
  const table = gradients.tables.get(name);
  table?.rows.forEach((row, i) => {
    whole.set(table.values.subarray(i * shape[1], (i + 1) * shape[1]), row * shape[1]);
  });
  return whole;
}
