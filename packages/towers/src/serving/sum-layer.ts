import type { Columns } from './matrix';

/** The sum of inputs that are each as wide as the output, as {@link SumTrunk} of the model. */
export class SumLayer {
  constructor(readonly outputs: number) {}

  /** x `[rows, x.stride]` → y `[rows, outputs]` */
  forward(x: Columns, y: Columns, rows: number): void {
    const { outputs } = this;
    for (let row = 0; row < rows; row++) {
      const to = row * y.stride + y.offset;
      y.values.fill(0, to, to + outputs);
      for (let start = row * x.stride; start < (row + 1) * x.stride; start += outputs) {
        for (let i = 0; i < outputs; i++) y.values[to + i] += x.values[start + i];
      }
    }
  }
}
