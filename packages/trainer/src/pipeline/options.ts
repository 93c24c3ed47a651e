import type { TrainingObserver } from '../observer';
import type { TrainSummary } from './summary';

export interface RunTrainingOptions {
  readonly observer?: TrainingObserver;
  /** Aborting finishes the running step, writes a checkpoint and throws `TrainingInterruptedError`. */
  readonly signal?: AbortSignal;
  /** A run's name, `latest`, or the folder of one checkpoint. Every option that shapes the weights must be as it was. */
  readonly resume?: string;
  /** Makes the `report.html` of the artifact; without it there is none. */
  readonly renderReport?: (summary: TrainSummary) => string;
}

export interface ArtifactCommandOptions {
  readonly observer?: TrainingObserver;
  readonly signal?: AbortSignal;
  /** A version of the store; the current one by default. */
  readonly version?: string;
}
