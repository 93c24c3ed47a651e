export interface TemperatureSchedule {
  /** Temperature of the first step. */
  readonly first: number;
  readonly totalSteps: number;
  /** Temperature of the last step as a share of the first, above 0. */
  readonly finalFraction: number;
}

/**
 * The temperature of a step, by the same factor from each step to the next. A high one spreads groups apart, a low one
 * tells the members of a group from each other (Kukleva et al. 2023, section 3).
 *
 * @param step counted from 0
 */
export function temperatureAt(step: number, { first, totalSteps, finalFraction }: TemperatureSchedule): number {
  const progress = totalSteps > 1 ? Math.min(1, step / (totalSteps - 1)) : 0;
  return first * finalFraction ** progress;
}
