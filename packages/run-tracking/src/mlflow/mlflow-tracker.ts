import type { Figures, TrackedEnd, TrackedRun, Tracker } from '../tracker';
import type { MlflowBatch, MlflowClient, MlflowMetric, MlflowPair, MlflowRun } from './mlflow-client';

/** The server takes so many params in one call. */
const PARAMS_PER_CALL = 100;

/** The longest value of a param that all of MLflow's databases take. */
const LONGEST_PARAM = 500;

/** The longest value of a tag. */
const LONGEST_TAG = 5000;

const statuses = { finished: 'FINISHED', failed: 'FAILED', interrupted: 'KILLED' } as const;

/** Logs a run to an MLflow server: figures after each epoch, options, test metrics and the report at its end. */
export class MlflowTracker implements Tracker {
  readonly name = 'MLflow';
  #run?: MlflowRun;

  constructor(
    private readonly client: MlflowClient,
    private readonly experiment: string,
  ) {}

  async start({ name, tags }: TrackedRun): Promise<void> {
    const experimentId = await this.client.experimentId(this.experiment);
    this.#run = await this.client.createRun(experimentId, name, pairsOf(tags), Date.now());
  }

  async logEpoch(step: number, figures: Figures): Promise<void> {
    await this.#log({ metrics: metricsOf(step, figures) });
  }

  async end({ status, step, params, tags, metrics, report }: TrackedEnd): Promise<void> {
    const options = pairsOf(params, LONGEST_PARAM);
    for (let first = 0; first < options.length; first += PARAMS_PER_CALL) {
      await this.#log({ params: options.slice(first, first + PARAMS_PER_CALL) });
    }
    if (Object.keys(tags).length > 0) await this.#log({ tags: pairsOf(tags) });
    if (Object.keys(metrics).length > 0) await this.#log({ metrics: metricsOf(step, metrics) });
    if (this.#run === undefined) return;
    if (report !== undefined) await this.#store(this.#run, report);
    await this.client.updateRun(this.#run.id, statuses[status], Date.now());
  }

  async #log(batch: MlflowBatch): Promise<void> {
    if (this.#run !== undefined) await this.client.logBatch(this.#run.id, batch);
  }

  /** Only a server that passes artifacts on takes them over HTTP; other stores need libraries of their own. */
  async #store({ artifactUri }: MlflowRun, report: string): Promise<void> {
    if (artifactUri === undefined || !URL.canParse(artifactUri)) return;
    const { protocol, pathname } = new URL(artifactUri);
    if (protocol !== 'mlflow-artifacts:') return;
    await this.client.putArtifact(`${pathname.replace(/^\/+/, '')}/report.html`, report, 'text/html');
  }
}

/** What is not finite can't be written as JSON. */
function metricsOf(step: number, figures: Figures): MlflowMetric[] {
  const timestamp = Date.now();
  return Object.entries(figures)
    .filter(([, value]) => Number.isFinite(value))
    .map(([key, value]) => ({ key: key.replaceAll('@', '_at_'), value, timestamp, step }));
}

function pairsOf(values: Readonly<Record<string, string>>, longest = LONGEST_TAG): MlflowPair[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: value.slice(0, longest) }));
}
