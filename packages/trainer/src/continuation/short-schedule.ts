import type { TrainingConfig } from '@vector-recall/core-config';

/** How the training of a version went. */
export interface PastTraining {
  /** Epochs that were trained before it stopped. */
  readonly epochs: number;
  /** Whether it had continued a version itself. */
  readonly isContinued: boolean;
}

/** Share of the epochs of the first training, which was trained a second time where it has a refit: continuing is not. */
const EPOCHS_SHARE = 0.25;

/** The weights are near where they should be: a full learning rate would first undo what they know. */
const LEARNING_RATE_SHARE = 0.5;

/**
 * The schedule of a training that continues from a version, where none is given. A version that was itself continued
 * has a short schedule already, which stays.
 *
 * @param past absent where the version does not tell how it was trained; then the options alone decide
 */
export function shortSchedule(
  { epochs, learningRate }: Pick<TrainingConfig, 'epochs' | 'learningRate'>,
  past: PastTraining | undefined,
): Pick<TrainingConfig, 'epochs' | 'learningRate'> {
  if (past?.isContinued === true) return { epochs, learningRate };
  return {
    epochs: Math.max(1, Math.floor((past?.epochs ?? epochs) * EPOCHS_SHARE)),
    learningRate: learningRate * LEARNING_RATE_SHARE,
  };
}
