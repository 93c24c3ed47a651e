export interface ScheduleOptions {
  /** Learning rate at the end of the warm-up. */
  readonly peak: number;
  readonly totalSteps: number;
  /** Share of the steps in which the rate rises linearly, in [0, 1). */
  readonly warmupFraction: number;
  /** Rate at the last step as a share of the peak, in [0, 1]. */
  readonly finalFraction: number;
}

/**
 * The learning rate of a step: linear warm-up, then half a cosine down to the final rate
 * (Loshchilov & Hutter 2017, equation 5, without restarts).
 *
 * @param step counted from 0
 */
export function learningRateAt(step: number, options: ScheduleOptions): number {
  const { peak, totalSteps, warmupFraction, finalFraction } = options;
  const warmupSteps = Math.round(totalSteps * warmupFraction);
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  const last = peak * finalFraction;
  const decaySteps = totalSteps - 1 - warmupSteps;
  const progress = decaySteps > 0 ? Math.min(1, (step - warmupSteps) / decaySteps) : 0;
  return last + (peak - last) * 0.5 * (1 + Math.cos(Math.PI * progress));
}
