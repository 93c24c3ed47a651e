import type { HostKernels } from '@vector-recall/towers';

/** What one update needs besides the arrays. */
export interface AdamCoefficients {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Learning rate divided by 1 − β₁ᵗ. */
  readonly stepSize: number;
  /** 1 / (1 − β₂ᵗ). */
  readonly secondMomentScale: number;
  /** Factor on every gradient, 1 unless the global norm is clipped. */
  readonly gradientScale: number;
  /** Factor on the values before they are moved, which is below 1 where weights decay. */
  readonly kept: number;
}

/**
 * One Adam update (Kingma & Ba 2015, algorithm 1) of `count` values that begin at `parameterStart` in the parameter
 * and its moments, and at `gradientStart` in the gradient.
 */
function updateRange(
  parameter: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  parameterStart: number,
  gradient: Float32Array,
  gradientStart: number,
  count: number,
  coefficients: AdamCoefficients,
): void {
  const { beta1, beta2, epsilon, stepSize, secondMomentScale, gradientScale, kept } = coefficients;
  const keep1 = 1 - beta1;
  const keep2 = 1 - beta2;
  for (let i = 0; i < count; i++) {
    const p = parameterStart + i;
    const g = gradient[gradientStart + i] * gradientScale;
    const m = beta1 * firstMoment[p] + keep1 * g;
    const v = beta2 * secondMoment[p] + keep2 * g * g;
    firstMoment[p] = m;
    secondMoment[p] = v;
    parameter[p] = Math.fround(parameter[p] * kept) - (stepSize * m) / (Math.sqrt(v * secondMomentScale) + epsilon);
  }
}

/** Updates a whole parameter. */
export function updateDense(
  parameter: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  gradient: Float32Array,
  coefficients: AdamCoefficients,
  native?: HostKernels,
): void {
  if (native) {
    native.updateDense(parameter, firstMoment, secondMoment, gradient, ...inOrder(coefficients));
    return;
  }
  updateRange(parameter, firstMoment, secondMoment, 0, gradient, 0, parameter.length, coefficients);
}

/**
 * Updates only the rows of a table that have a gradient. The moments of the other rows stay as they are ("lazy" Adam):
 * a row's moments decay when the row is seen, not when time passes, so that a step costs the same for any table.
 *
 * @param rows distinct rows, `[n]`
 * @param gradient `[n, dim]`
 */
export function updateRows(
  parameter: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  dim: number,
  rows: Int32Array,
  gradient: Float32Array,
  coefficients: AdamCoefficients,
  native?: HostKernels,
): void {
  if (native) {
    native.updateRows(parameter, firstMoment, secondMoment, gradient, rows, dim, ...inOrder(coefficients));
    return;
  }
  for (let n = 0; n < rows.length; n++) {
    updateRange(parameter, firstMoment, secondMoment, rows[n] * dim, gradient, n * dim, dim, coefficients);
  }
}

/** As the native kernels take them. */
function inOrder(c: AdamCoefficients): [number, number, number, number, number, number, number] {
  return [c.beta1, c.beta2, c.epsilon, c.stepSize, c.secondMomentScale, c.gradientScale, c.kept];
}
