import { TrackingTargetError } from './errors';
import { mlflowTracker } from './mlflow/mlflow-target';
import { TensorBoardTracker } from './tensorboard/tensorboard-tracker';
import type { Tracker } from './tracker';
import { wandbTracker } from './wandb/wandb-target';

export interface TrackingOptions {
  /** A folder for TensorBoard's event files. */
  readonly tensorboard?: string;
  /** `mlflow:URI`, where the URI begins with `http://` or `https://`; `wandb:PROJECT` or `wandb:ENTITY/PROJECT`. */
  readonly track?: string;
  /** Experiment, credentials and so on are read from the variables of the trackers' own clients. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The trackers that a call asks for. No server is asked yet.
 * @throws TrackingTargetError where `track` names nothing that is known
 * @throws TrackingLibraryError where the Python library of a tracker is missing
 * @throws FileError where the folder for TensorBoard can't be written
 */
export async function createTrackers({ tensorboard, track, env = {} }: TrackingOptions): Promise<readonly Tracker[]> {
  const server = track === undefined ? [] : [await trackerOf(track, env)];
  return [...(tensorboard === undefined ? [] : [await TensorBoardTracker.create(tensorboard)]), ...server];
}

async function trackerOf(target: string, env: NonNullable<TrackingOptions['env']>): Promise<Tracker> {
  if (/^mlflow\b/.test(target)) return mlflowTracker(target, env);
  if (/^wandb\b/.test(target)) return await wandbTracker(target, env);
  throw new TrackingTargetError(
    target,
    'it must be mlflow:URI, such as mlflow:http://localhost:5000, or wandb:PROJECT, such as wandb:films',
  );
}
