import type { VectorRecallConfig } from '@vector-recall/core-config';
import { choosePrecision } from '@vector-recall/towers';

/**
 * The options with the precision that `auto` comes to on the backend in use: weights depend on it, so that a training is
 * resumed and reproduced with the same.
 *
 * @throws PrecisionUnavailableError when the precision can't be had
 */
export function pinPrecision(config: VectorRecallConfig): VectorRecallConfig {
  const { training } = config;
  return { ...config, training: { ...training, precision: choosePrecision(training.precision) } };
}
