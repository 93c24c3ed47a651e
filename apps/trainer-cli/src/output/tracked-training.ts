import type { Figures, RunTracking } from '@vector-recall/run-tracking';
import type { TrainingEvent, TrainingObserver, TrainSummary } from '@vector-recall/trainer';

/**
 * Tells a run's tracking what its observer hears. It follows the training whose weights are published: further trainings
 * with other seeds would draw a second curve over the first.
 */
export class TrackedTraining implements TrainingObserver {
  #stage: 'before' | 'training' | 'after' = 'before';
  #step = 0;

  constructor(
    private readonly tracking: RunTracking,
    private readonly next: TrainingObserver,
  ) {}

  notify(event: TrainingEvent): void {
    this.next.notify(event);
    if (event.type === 'stage-started' && event.stage === 'train' && this.#stage === 'before') this.#stage = 'training';
    if (event.type === 'stage-finished' && event.stage === 'train') this.#stage = 'after';
    if (this.#stage === 'training') this.#follow(event);
  }

  /** Ends the tracking of a run that was published. */
  async finish(summary: TrainSummary, report: string | undefined): Promise<void> {
    const { command, dataSha256, config } = summary.reproduction;
    const tags = {
      'vector_recall.version': summary.artifact.version,
      'vector_recall.promoted': String(summary.promotion.promoted),
      'vector_recall.command': command,
      'vector_recall.data_sha256': dataSha256,
    };
    const step = summary.training.steps;
    const params = paramsOf(config);
    await this.tracking.end({ status: 'finished', step, params, tags, metrics: testMetrics(summary), report });
  }

  /** Ends the tracking of a run that was not. */
  async fail(status: 'failed' | 'interrupted', config: object): Promise<void> {
    await this.tracking.end({ status, step: this.#step, params: paramsOf(config), tags: {}, metrics: {} });
  }

  #follow(event: TrainingEvent): void {
    if (event.type === 'step') {
      const { refit, totalSteps, stepLoss, learningRate, gradientNorm } = event;
      const group = refit ? 'refit' : 'train';
      if (!refit) this.#step = totalSteps;
      this.tracking.logStep(totalSteps, {
        [`${group}/loss`]: stepLoss,
        [`${group}/learning_rate`]: learningRate,
        [`${group}/gradient_norm`]: gradientNorm,
      });
    } else if (event.type === 'epoch-finished') {
      const { trainLoss, learningRate, validationLoss, validationHitRate100, examplesPerSecond } = event.report;
      this.tracking.logEpoch(this.#step, {
        'epoch/loss': trainLoss,
        'epoch/learning_rate': learningRate,
        'epoch/examples_per_second': examplesPerSecond,
        'validation/loss': validationLoss,
        'validation/hit_rate@100': validationHitRate100,
      });
    }
  }
}

/** `test/model/hitRate@10` and so on, for the model and its yardsticks. */
function testMetrics({ evaluation }: TrainSummary): Figures {
  const { model, popularity, itemKnn, ease, random, truth } = evaluation;
  const scorers = Object.entries({ model, popularity, itemKnn, ease, random, truth });
  return Object.fromEntries(
    scorers.flatMap(([scorer, figures]) =>
      Object.entries(figures ?? {}).flatMap(([metric, value]) =>
        typeof value === 'number' ? [[`test/${scorer}/${metric}`, value] as const] : [],
      ),
    ),
  );
}

/** Options by path, as in `training.learningRate`. */
function paramsOf(config: object): Record<string, string> {
  const sections = Object.entries(config as Record<string, object>);
  return Object.fromEntries(
    sections.flatMap(([section, options]) =>
      Object.entries(options).map(([key, value]) => [
        `${section}.${key}`,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );
}
