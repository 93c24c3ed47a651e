/** What the steps of an epoch tell. */
export interface EpochSteps {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean over the steps of the epoch. */
  readonly trainLoss: number;
  /** At the last step of the epoch. */
  readonly learningRate: number;
  /** Time of the steps, without validation and checkpoints. */
  readonly seconds: number;
  readonly examplesPerSecond: number;
}

export interface EpochReport extends EpochSteps {
  /** The same loss on the validation events, dropout off, with the same drawn negatives at every epoch. */
  readonly validationLoss: number;
  /** Full ranking on the sampled validation users. */
  readonly validationHitRate100: number;
}
