import type { EvaluationConfig } from '@vector-recall/core-config';
import { type Dataset, knownEnds, type Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import { coldItemTask, coldUserTask } from '../evaluation/cold-tasks';
import { type EvaluatedGroup, evaluateGroup, type GroupScorers } from '../evaluation/evaluate-group';
import type { EvaluationReport, GroupReport, Metrics } from '../evaluation/evaluation-report';
import { Evaluator } from '../evaluation/evaluator';
import { modelScorer } from '../evaluation/model-scorer';
import { eventTask, userTask } from '../evaluation/random-tasks';
import { popularityScorer, randomScorer, truthScorer } from '../evaluation/scorers';
import { slicesOf } from '../evaluation/slices';
import { createTask, type EvaluationTask, type SampleOptions } from '../evaluation/task';
import { attributeKnnScorer } from '../evaluation/yardsticks/attribute-knn';
import { easeScorer, type EaseWeights } from '../evaluation/yardsticks/ease';
import { easeOfSplit } from '../evaluation/yardsticks/ease-of-split';
import { itemKnnScorer } from '../evaluation/yardsticks/item-knn';
import type { ReportProgress } from './stages';

/** What a training already knows of EASE^R. */
export interface KnownEase {
  /** What validation chose. */
  readonly lambda?: number;
  /** Fitted to the events before the test. */
  readonly weights?: EaseWeights;
}

export interface EvaluateModelOptions {
  readonly config: EvaluationConfig;
  readonly seed: number;
  /** Whether the model was fitted with the validation events too. */
  readonly refitted: boolean;
  readonly ease?: KnownEase;
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
  { config, seed, refitted, ease: before = {}, report, signal }: EvaluateModelOptions,
): Promise<EvaluationReport> {
  const { cutoffs } = config;
  const options = { maxUsers: config.maxUsers, random: new RandomStream(seed, 'evaluation') };
  // The truth is that of a user's last event.
  const isLast = split.random === undefined;
  const truth = isLast ? dataset.truth && truthScorer(dataset.truth, split.log.itemCount) : undefined;
  // Cold users and items have no events in here, so that the yardsticks know no more of them than the model does.
  const known = { log: split.log, ends: isLast ? knownEnds(split, 'test') : split.trainEnd };
  const warmTask = testTask(split, options);
  const coldUsersTask = coldUserTask(split, options);
  const coldItemsTask = coldItemTask(split, options);
  const { weights, lambda } = before;
  const ease = weights === undefined ? await easeOfSplit(split, known, { seed, lambda, signal }) : { weights };

  let done = 0;
  const evaluate = async (
    task: EvaluationTask,
    others: Pick<GroupScorers, 'truth' | 'attributeKnn'> = {},
  ): Promise<EvaluatedGroup> => {
    const scorers: GroupScorers = {
      model: modelScorer(model, task),
      popularity: popularityScorer(task.counts),
      itemKnn: itemKnnScorer(task, known),
      ...('weights' in ease ? { ease: { ...easeScorer(task, ease.weights), lambda: ease.weights.lambda } } : {}),
      random: randomScorer(options.random),
      ...others,
    };
    const onProgress = (users: number): void => {
      report(done + users);
      if (users === task.users.length) done += users;
    };
    const random = new RandomStream(seed, 'bootstrap');
    return evaluateGroup(task, scorers, { cutoffs, random, onProgress, signal });
  };
  // An event with a cold item comes at any time, and the truth is that of the last event.
  const coldItems = async (task: EvaluationTask): Promise<GroupReport> => {
    const { fields } = dataset.items;
    const attributeKnn = fields.length === 0 ? undefined : attributeKnnScorer(task, fields);
    return (await evaluate(task, { attributeKnn })).report;
  };
  const warm = await evaluate(warmTask, { truth });
  return {
    ...warm.report,
    notes: [...warm.report.notes, ...('note' in ease ? [ease.note] : [])],
    split: split.random?.name ?? 'leave-last-out',
    repeats: split.repeats,
    refitted,
    ...(isLast ? { slices: slicesOf(warmTask, warm.judged, sliceCutoffs(cutoffs)) } : {}),
    ...(coldUsersTask === undefined ? {} : { coldUsers: (await evaluate(coldUsersTask, { truth })).report }),
    ...(coldItemsTask === undefined ? {} : { coldItems: await coldItems(coldItemsTask) }),
  };
}

/** The metrics of another model on the users that {@link evaluateModel} judges, and nothing beside it. */
export async function measureModel(
  model: TwoTowerModel,
  split: Split,
  { config, seed, report, signal }: Omit<EvaluateModelOptions, 'refitted' | 'ease'>,
): Promise<Metrics> {
  const task = testTask(split, { maxUsers: config.maxUsers, random: new RandomStream(seed, 'evaluation') });
  const options = { onProgress: report, signal };
  return new Evaluator(task, config.cutoffs).evaluate(modelScorer(model, task), options);
}

/** Slices are shown at the two usual list lengths, or at those there are. */
function sliceCutoffs(cutoffs: readonly number[]): readonly number[] {
  const usual = cutoffs.filter((cutoff) => cutoff === 10 || cutoff === 100);
  return usual.length > 0 ? usual : cutoffs.slice(0, 1);
}

/** What the split holds out for the test, by the rules of those who use it. */
export function testTask(split: Split, options: SampleOptions): EvaluationTask {
  if (split.random === undefined) return createTask(split, 'test', options);
  return split.random.name === 'random-80-20' ? eventTask(split, options) : userTask(split, options);
}
