import type { PresetName, VectorRecallConfig } from '@vector-recall/core-config';
import type { TrainingObserver } from '../observer';
import type { TrainSummary } from './summary';

export interface RunTrainingOptions {
  readonly observer?: TrainingObserver;
  /** Aborting finishes the running step, writes a checkpoint and throws `TrainingInterruptedError`. */
  readonly signal?: AbortSignal;
  /** A run's name, `latest`, or the folder of one checkpoint. Every option that shapes the weights must be as it was. */
  readonly resume?: string;
  /** A version of the store, or `current`, whose model the training continues. The options must keep its shape. */
  readonly from?: string;
  /** A version of the store, or `current`, whose histories and catalogue are the past that the data continues. */
  readonly historyFrom?: string;
  /**
   * The options under a preset, for a race between them where the preset is `auto`; without it the options stay as they
   * were given, as they do with `from`.
   */
  readonly configFor?: (preset: PresetName) => VectorRecallConfig;
  /** Makes the `report.html` of the artifact; without it there is none. */
  readonly renderReport?: (summary: TrainSummary) => string;
}

export interface ArtifactCommandOptions {
  readonly observer?: TrainingObserver;
  readonly signal?: AbortSignal;
  /** A version of the store; the current one by default. */
  readonly version?: string;
}
