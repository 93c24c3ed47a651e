import type { Gradients, HostKernels } from '@vector-recall/towers';

function sumOfSquares(values: Float32Array): number {
  // Four sums, so that an addition need not wait for the one before it.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i] * values[i];
    b += values[i + 1] * values[i + 1];
    c += values[i + 2] * values[i + 2];
    d += values[i + 3] * values[i + 3];
  }
  for (let i = whole; i < values.length; i++) a += values[i] * values[i];
  return a + b + c + d;
}

/** The Euclidean norm of all gradients of a step taken as one vector (Pascanu et al. 2013). NaN or infinite when one is. */
export function globalNorm(gradients: Gradients, native?: HostKernels): number {
  const squares = native ? (values: Float32Array) => native.sumOfSquares(values) : sumOfSquares;
  let sum = 0;
  for (const values of gradients.dense.values()) sum += squares(values);
  for (const table of gradients.tables.values()) sum += squares(table.values);
  return Math.sqrt(sum);
}
