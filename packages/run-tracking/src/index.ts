export { createTrackers, type TrackingOptions } from './create-trackers';
export { RunTracking } from './run-tracking';
export type { Figures, TrackedEnd, TrackedRun, Tracker } from './tracker';
export { TrackingLibraryError, TrackingProcessError, TrackingServerError, TrackingTargetError } from './errors';

// For runs of one's own.
export {
  MlflowClient,
  type MlflowBatch,
  type MlflowMetric,
  type MlflowPair,
  type MlflowRun,
} from './mlflow/mlflow-client';
export { MlflowTracker } from './mlflow/mlflow-tracker';
export { TensorBoardTracker } from './tensorboard/tensorboard-tracker';
export { WandbTracker, type WandbProject } from './wandb/wandb-tracker';
