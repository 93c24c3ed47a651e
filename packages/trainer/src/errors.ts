/** Thrown when the loss or a gradient is no longer a finite number. */
export class DivergedError extends Error {
  readonly code = 'TRAINING_DIVERGED';

  constructor(
    readonly step: number,
    readonly quantity: 'loss' | 'gradient',
    advice: string,
  ) {
    super(`The ${quantity} is not a finite number at step ${step}: ${advice}`);
    this.name = 'DivergedError';
  }
}

/** Thrown when a training was stopped from outside. `checkpoint` is absent when not one step was done. */
export class TrainingInterruptedError extends Error {
  readonly code = 'TRAINING_INTERRUPTED';

  constructor(
    readonly run?: string,
    readonly checkpoint?: string,
  ) {
    super(
      run === undefined
        ? 'Interrupted before the first training step; there is nothing to resume.'
        : `Interrupted; continue with --resume ${run}.`,
    );
    this.name = 'TrainingInterruptedError';
  }
}

/** Thrown when a checkpoint to resume from is missing, damaged, or was made with other options. */
export class CheckpointError extends Error {
  readonly code = 'CHECKPOINT_INVALID';

  constructor(
    readonly checkpoint: string,
    message: string,
  ) {
    super(message);
    this.name = 'CheckpointError';
  }
}

/** Thrown when a training can't continue from a published version as asked. */
export class ContinuationError extends Error {
  readonly code = 'CONTINUATION_REFUSED';

  constructor(message: string) {
    super(message);
    this.name = 'ContinuationError';
  }
}

/** Thrown when the data cannot be trained or evaluated on as asked. */
export class TrainingDataError extends Error {
  readonly code = 'TRAINING_DATA_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'TrainingDataError';
  }
}

/** Thrown when a command needs a trained model and the artifact holds vectors alone. */
export class NoModelError extends Error {
  readonly code = 'ARTIFACT_WITHOUT_MODEL';

  constructor(readonly version: string) {
    super(
      `The version ${version} holds vectors of another model and none of ours; vector-recall index build and index ` +
        'search work on it.',
    );
    this.name = 'NoModelError';
  }
}

/** Thrown when a search for options has nothing to show, or its file is damaged or of another search. */
export class TuningError extends Error {
  readonly code = 'TUNING_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TuningError';
  }
}
