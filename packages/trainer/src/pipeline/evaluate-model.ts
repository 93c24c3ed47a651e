import type { EvaluationConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import type { EvaluationReport, Metrics } from '../evaluation/evaluation-report';
import { Evaluator } from '../evaluation/evaluator';
import { modelScorer } from '../evaluation/model-scorer';
import type { Scorer } from '../evaluation/scorer';
import { popularityScorer, randomScorer, truthScorer } from '../evaluation/scorers';
import { createTask } from '../evaluation/task';
import type { ReportProgress } from './stages';

export interface EvaluateModelOptions {
  readonly config: EvaluationConfig;
  readonly seed: number;
  readonly report: ReportProgress;
  readonly signal?: AbortSignal;
}

/** Ranks each user's last item by the model, by the yardsticks and, in a synthetic world, by the planted truth. */
export async function evaluateModel(
  model: TwoTowerModel,
  dataset: Dataset,
  split: Split,
  { config, seed, report, signal }: EvaluateModelOptions,
): Promise<EvaluationReport> {
  const random = new RandomStream(seed, 'evaluation');
  const task = createTask(split, 'test', { maxUsers: config.maxUsers, random });
  const evaluator = new Evaluator(task, config.cutoffs);
  const scorers: Scorer[] = [modelScorer(model, task), popularityScorer(task.counts), randomScorer(random)];
  if (dataset.truth !== undefined) scorers.push(truthScorer(dataset.truth, split.log.itemCount));

  const results = new Map<string, Metrics>();
  const total = scorers.length * task.users.length;
  for (const [n, scorer] of scorers.entries()) {
    const onProgress = (users: number): void => {
      report(n * task.users.length + users, total);
    };
    results.set(scorer.name, await evaluator.evaluate(scorer, { onProgress, signal }));
  }
  return {
    model: results.get('model') ?? {},
    popularity: results.get('popularity') ?? {},
    random: results.get('random') ?? {},
    truth: results.get('truth'),
    users: task.users.length,
    items: evaluator.catalogue.length,
    unreachable: evaluator.unreachable,
    refitted: false,
  };
}
