import type { Adam } from '../optimizer/adam';
import type { ProgressState } from './progress';

/** Where a trainer leaves what it needs to go on, and its best weights. */
export interface Checkpoints {
  readonly run: string;
  /**
   * Saves the model's weights, the optimiser's moments and the progress.
   * @param name `epoch-3` after an epoch, `step-1200` in the middle of one
   * @returns the folder
   */
  save(name: string, adam: Adam, progress: ProgressState): Promise<string>;
  /** Puts the weights of a saved epoch back into the model. */
  restoreWeights(name: string): Promise<void>;
}

export function epochName(epoch: number): string {
  return `epoch-${epoch}`;
}

export function stepName(step: number): string {
  return `step-${step}`;
}
