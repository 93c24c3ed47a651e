import { TrackingTargetError } from './errors';
import { MlflowClient } from './mlflow/mlflow-client';
import { MlflowTracker } from './mlflow/mlflow-tracker';
import { TensorBoardTracker } from './tensorboard/tensorboard-tracker';
import type { Tracker } from './tracker';

export interface TrackingOptions {
  /** A folder for TensorBoard's event files. */
  readonly tensorboard?: string;
  /** `mlflow:URI`, where the URI begins with `http://` or `https://`. */
  readonly track?: string;
  /** Experiment and credentials of MLflow are read from the variables of its own clients. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs without `MLFLOW_EXPERIMENT_NAME` stand here. */
const EXPERIMENT = 'vector-recall';

/**
 * The trackers that a call asks for. No server is asked yet.
 * @throws TrackingTargetError where `track` names nothing that is known
 * @throws FileError where the folder for TensorBoard can't be written
 */
export async function createTrackers({ tensorboard, track, env = {} }: TrackingOptions): Promise<readonly Tracker[]> {
  const mlflow = track === undefined ? [] : [mlflowTracker(track, env)];
  return [...(tensorboard === undefined ? [] : [await TensorBoardTracker.create(tensorboard)]), ...mlflow];
}

function mlflowTracker(target: string, env: NonNullable<TrackingOptions['env']>): MlflowTracker {
  const text = /^mlflow:(.+)$/.exec(target)?.[1];
  if (text === undefined || !/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new TrackingTargetError(target, 'it must be mlflow:URI, such as mlflow:http://localhost:5000');
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new TrackingTargetError(
      `mlflow:${url.protocol}//…@${url.host}`,
      'credentials go into MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD or MLFLOW_TRACKING_TOKEN',
    );
  }
  const server = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return new MlflowTracker(new MlflowClient(server, authorization(env)), env['MLFLOW_EXPERIMENT_NAME'] ?? EXPERIMENT);
}

function authorization(env: NonNullable<TrackingOptions['env']>): Record<string, string> {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (name !== undefined && password !== undefined) {
    return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
  }
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
