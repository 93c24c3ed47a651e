import { z } from 'zod';
import { TrackingServerError } from '../errors';

/** A server that takes longer is as good as down: the end of a training waits for it. */
const TIMEOUT_MS = 10_000;

const experimentSchema = z.object({ experiment_id: z.string() });
const foundSchema = z.object({ experiment: experimentSchema });
const createdSchema = z.object({
  run: z.object({ info: z.object({ run_id: z.string(), artifact_uri: z.string().optional() }) }),
});
const failureSchema = z.object({ error_code: z.string(), message: z.string().optional() });

export interface MlflowMetric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export interface MlflowPair {
  readonly key: string;
  readonly value: string;
}

export interface MlflowBatch {
  readonly metrics?: readonly MlflowMetric[];
  readonly params?: readonly MlflowPair[];
  readonly tags?: readonly MlflowPair[];
}

export interface MlflowRun {
  readonly id: string;
  /** Where the server keeps files of the run. */
  readonly artifactUri?: string;
}

/** MLflow's REST API, version 2.0, as far as a run needs it. All calls throw TrackingServerError. */
export class MlflowClient {
  /** @param headers go with every request, as `authorization` */
  constructor(
    private readonly server: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The id of an experiment, which is made where there is none of this name. */
  async experimentId(name: string): Promise<string> {
    const query = new URLSearchParams({ experiment_name: name });
    const found = await this.#request('GET', `mlflow/experiments/get-by-name?${query.toString()}`, undefined, [
      'RESOURCE_DOES_NOT_EXIST',
    ]);
    if (found !== undefined) return this.#parse(foundSchema, found).experiment.experiment_id;
    return this.#parse(experimentSchema, await this.#post('experiments/create', { name })).experiment_id;
  }

  async createRun(
    experimentId: string,
    name: string,
    tags: readonly MlflowPair[],
    startTime: number,
  ): Promise<MlflowRun> {
    const body = { experiment_id: experimentId, run_name: name, start_time: startTime, tags };
    const { info } = this.#parse(createdSchema, await this.#post('runs/create', body)).run;
    return { id: info.run_id, artifactUri: info.artifact_uri };
  }

  /** At most 1,000 entries in all, of which at most 100 params and 100 tags. */
  async logBatch(runId: string, batch: MlflowBatch): Promise<void> {
    await this.#post('runs/log-batch', { run_id: runId, ...batch });
  }

  async updateRun(runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED', endTime: number): Promise<void> {
    await this.#post('runs/update', { run_id: runId, status, end_time: endTime });
  }

  /** Stores a file through the server, for runs whose `artifactUri` is of the scheme `mlflow-artifacts`. */
  async putArtifact(path: string, content: string, contentType: string): Promise<void> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    await this.#request('PUT', `mlflow-artifacts/artifacts/${encoded}`, { text: content, type: contentType });
  }

  #post(call: string, body: object): Promise<unknown> {
    return this.#request('POST', `mlflow/${call}`, { text: JSON.stringify(body), type: 'application/json' });
  }

  /** @returns the JSON of the answer; `undefined` for a failure whose code is expected */
  async #request(
    method: string,
    path: string,
    body?: { readonly text: string; readonly type: string },
    expected: readonly string[] = [],
  ): Promise<unknown> {
    const headers = { ...this.headers, ...(body === undefined ? {} : { 'content-type': body.type }) };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.server}/api/2.0/${path}`, { method, headers, body: body?.text, signal });
      text = await response.text();
    } catch (error) {
      const reason = signal.aborted ? `did not answer within ${TIMEOUT_MS / 1000} s.` : 'cannot be reached.';
      throw new TrackingServerError(this.server, `${reason} Check that it runs and that the address is right.`, {
        cause: error,
      });
    }
    const answer = jsonOf(text);
    if (response.ok) return answer;
    const failure = failureSchema.safeParse(answer);
    if (failure.success && expected.includes(failure.data.error_code)) return undefined;
    const said = failure.success ? `: ${failure.data.message ?? failure.data.error_code}` : '';
    throw new TrackingServerError(
      this.server,
      `refused ${method} ${path.split('?')[0]} with ${response.status}${said}.`,
    );
  }

  #parse<Output>(schema: z.ZodType<Output>, answer: unknown): Output {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new TrackingServerError(this.server, 'does not answer as an MLflow server does. Check the address.');
  }
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
