import { TrackingTargetError } from '../errors';
import { MlflowClient } from './mlflow-client';
import { MlflowTracker } from './mlflow-tracker';

/** Runs without `MLFLOW_EXPERIMENT_NAME` stand here. */
const EXPERIMENT = 'vector-recall';

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws TrackingTargetError where the target is not `mlflow:URI`, or holds credentials */
export function mlflowTracker(target: string, env: Variables): MlflowTracker {
  const text = target.replace(/^mlflow:?/, '');
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
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

function authorization(env: Variables): Record<string, string> {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: password } = env;
  if (name !== undefined && password !== undefined) {
    return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
  }
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
