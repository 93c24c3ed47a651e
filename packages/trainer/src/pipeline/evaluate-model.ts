import type { EvaluationConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import { coldItemTask, coldUserTask } from '../evaluation/cold-tasks';
import type { EvaluationReport, GroupReport, Metrics } from '../evaluation/evaluation-report';
import { Evaluator } from '../evaluation/evaluator';
import { modelScorer } from '../evaluation/model-scorer';
import { eventTask, userTask } from '../evaluation/random-tasks';
import type { Scorer } from '../evaluation/scorer';
import { popularityScorer, randomScorer, truthScorer } from '../evaluation/scorers';
import { createTask, type EvaluationTask, type SampleOptions } from '../evaluation/task';
import type { ReportProgress } from './stages';

export interface EvaluateModelOptions {
  readonly config: EvaluationConfig;
  readonly seed: number;
  readonly report: ReportProgress;
  readonly signal?: AbortSignal;
}

/**
 * Ranks the held-out items by the model, by the yardsticks and, in a synthetic world, by the planted truth: for the users
 * and items that were trained on, and apart from them for cold ones.
 */
export async function evaluateModel(
  model: TwoTowerModel,
  dataset: Dataset,
  split: Split,
  { config, seed, report, signal }: EvaluateModelOptions,
): Promise<EvaluationReport> {
  const options = { maxUsers: config.maxUsers, random: new RandomStream(seed, 'evaluation') };
  // The truth is that of a user's last event.
  const isLast = split.random === undefined;
  const truth = isLast ? dataset.truth && truthScorer(dataset.truth, split.log.itemCount) : undefined;
  const warm = { task: testTask(split, options), truth };
  const coldUsers = { task: coldUserTask(split, options), truth };
  // An event with a cold item comes at any time.
  const coldItems = { task: coldItemTask(split, options) };

  let done = 0;
  const evaluate = async ({ task, truth: ceiling }: Group): Promise<GroupReport> => {
    const evaluator = new Evaluator(task, config.cutoffs);
    const measure = async (scorer: Scorer): Promise<Metrics> => {
      const onProgress = (users: number): void => {
        report(done + users);
      };
      const metrics = await evaluator.evaluate(scorer, { onProgress, signal });
      done += task.users.length;
      return metrics;
    };
    return {
      model: await measure(modelScorer(model, task)),
      popularity: await measure(popularityScorer(task.counts)),
      random: await measure(randomScorer(options.random)),
      ...(ceiling === undefined ? {} : { truth: await measure(ceiling) }),
      users: new Set(task.users).size,
      items: evaluator.catalogue.length,
      unreachable: evaluator.unreachable,
    };
  };
  return {
    ...(await evaluate(warm)),
    split: split.random?.name ?? 'leave-last-out',
    refitted: false,
    ...(isPresent(coldUsers) ? { coldUsers: await evaluate(coldUsers) } : {}),
    ...(isPresent(coldItems) ? { coldItems: await evaluate(coldItems) } : {}),
  };
}

/** What the split holds out for the test, by the rules of those who use it. */
function testTask(split: Split, options: SampleOptions): EvaluationTask {
  if (split.random === undefined) return createTask(split, 'test', options);
  return split.random.name === 'random-80-20' ? eventTask(split, options) : userTask(split, options);
}

interface Group {
  readonly task: EvaluationTask;
  readonly truth?: Scorer;
}

function isPresent(group: { readonly task?: EvaluationTask }): group is Group {
  return group.task !== undefined;
}
