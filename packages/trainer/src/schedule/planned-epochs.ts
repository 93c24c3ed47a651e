import type { TrainingConfig } from '@vector-recall/core-config';

/** Epochs that a training plans: `epochs`, or as many whole ones as are nearest to `maxSteps` where these are fewer. */
export function plannedEpochs(
  { epochs, maxSteps }: Pick<TrainingConfig, 'epochs' | 'maxSteps'>,
  stepsPerEpoch: number,
): number {
  if (maxSteps === 0) return epochs;
  return Math.min(epochs, Math.max(1, Math.round(maxSteps / stepsPerEpoch)));
}
