import type { DataShape, VectorRecallConfig } from '@vector-recall/core-config';
import type { TrainingObserver } from '../observer';
import type { TrainSummary } from './summary';

export interface RunTrainingOptions {
  readonly observer?: TrainingObserver;
  /** Aborting finishes the running step, writes a checkpoint and throws `TrainingInterruptedError`. */
  readonly signal?: AbortSignal;
  /** A run's name, `latest`, or the folder of one checkpoint. Every option that shapes the weights must be as it was. */
  readonly resume?: string;
  /** The options to go on with once the shape of the data is known; without it they stay as they were given. */
  readonly configFor?: (shape: DataShape) => VectorRecallConfig;
  /** Makes the `report.html` of the artifact; without it there is none. */
  readonly renderReport?: (summary: TrainSummary) => string;
}

export interface ArtifactCommandOptions {
  readonly observer?: TrainingObserver;
  readonly signal?: AbortSignal;
  /** A version of the store; the current one by default. */
  readonly version?: string;
}
