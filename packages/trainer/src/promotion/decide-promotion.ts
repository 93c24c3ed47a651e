import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset, Split } from '@vector-recall/datasets';
import { ModelStore } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import { modelScorer } from '../evaluation/model-scorer';
import { createTask } from '../evaluation/task';
import { testTask } from '../pipeline/evaluate-model';
import type { ReportProgress } from '../pipeline/stages';
import { openStoredModel } from '../pipeline/stored-model';
import type { TrainingResult } from '../training/trainer';
import { gateYardsticks } from './gate-yardsticks';
import { pairedDifference } from '../evaluation/paired-difference';
import { GATE_METRIC, type PromotionReport, type VersionComparison } from './promotion-report';
import { storedScorer } from './stored-scorer';
import { userHits } from './user-hits';

const CUTOFF = 100;

/** A model that is about to be published, and the data it is judged on. */
export interface Candidate {
  readonly model: TwoTowerModel;
  /** Of the training that the best epoch was chosen in. */
  readonly result: Pick<TrainingResult, 'epochs' | 'bestEpoch'>;
  readonly dataset: Dataset;
  readonly split: Split;
}

export interface DecisionOptions {
  readonly report: ReportProgress;
  readonly signal?: AbortSignal;
}

/**
 * Decides by `--promote` whether a model becomes the current version of its store. The first version of a store always
 * does, unless the policy is `never`.
 */
export async function decidePromotion(
  candidate: Candidate,
  config: VectorRecallConfig,
  options: DecisionOptions,
): Promise<PromotionReport> {
  const { promote: policy, output } = config.runtime;
  if (policy === 'always') return { policy, promoted: true, reason: '--promote always asks for it' };
  if (policy === 'never') return { policy, promoted: false, reason: '--promote never asks for it' };
  const current = await new ModelStore(output).currentVersion();
  if (current === undefined) return { policy, promoted: true, reason: 'the store had no current version' };
  return policy === 'auto'
    ? againstYardsticks(candidate, config, options)
    : againstCurrent(candidate, current, config, options);
}

/** The best epoch against simple methods, on the validation events of the users that chose it. */
async function againstYardsticks(
  { result, split }: Candidate,
  { training }: VectorRecallConfig,
  { report, signal }: DecisionOptions,
): Promise<PromotionReport> {
  const { seed, validationUsers: maxUsers } = training;
  const model = result.epochs.find(({ epoch }) => epoch === result.bestEpoch)?.validationHitRate100 ?? 0;
  const task = createTask(split, 'validation', { maxUsers, random: new RandomStream(seed, 'validation users') });
  const validation: Record<string, number> = { model };
  const beaten: string[] = [];
  const lostTo: string[] = [];
  for (const { key, name, scorer } of gateYardsticks(task)) {
    const hits = await userHits(task, scorer, CUTOFF, { onProgress: report, signal });
    const value = mean(hits);
    validation[key] = value;
    (model >= value ? beaten : lostTo).push(`${name}'s ${value.toFixed(4)}`);
  }
  const promoted = lostTo.length === 0;
  const relation = promoted ? 'at least' : 'below';
  const reason = `its validation HitRate@100 of ${model.toFixed(4)} is ${relation} ${(promoted ? beaten : lostTo).join(' and ')}`;
  return { policy: 'auto', promoted, reason, validation };
}

/**
 * The candidate against the current version, user by user. On the test events: the validation events may have been
 * trained on, by a refit of either version.
 */
async function againstCurrent(
  { model, dataset, split }: Candidate,
  version: string,
  { runtime, evaluation, training }: VectorRecallConfig,
  { report, signal }: DecisionOptions,
): Promise<PromotionReport> {
  const policy = 'if-better';
  let comparison: VersionComparison;
  try {
    const stored = await openStoredModel(runtime.output, version);
    const random = new RandomStream(training.seed, 'evaluation');
    const task = testTask(split, { maxUsers: evaluation.maxUsers, random });
    const options = { onProgress: report, signal };
    const ours = await userHits(task, modelScorer(model, task), CUTOFF, options);
    const theirs = await userHits(task, storedScorer(stored, dataset, task), CUTOFF, options);
    const { value, interval } = pairedDifference(ours, theirs, new RandomStream(training.seed, 'promotion'));
    comparison = {
      version,
      metric: GATE_METRIC,
      candidate: mean(ours),
      current: mean(theirs),
      difference: value,
      interval,
    };
  } catch (error) {
    // A training must not be lost because of what is wrong with another version.
    if (signal?.aborted === true || !(error instanceof Error)) throw error;
    return {
      policy,
      promoted: false,
      reason: `it could not be compared with the current version ${version} (${error.message})`,
    };
  }
  const { candidate, current, interval } = comparison;
  const promoted = interval[0] > 0;
  const range = `95 % interval of the difference: ${interval.map((end) => end.toFixed(4)).join(' to ')}`;
  const reason = `its HitRate@100 of ${candidate.toFixed(4)} is ${promoted ? '' : 'not '}reliably above the ${current.toFixed(4)} of the current version ${version} (${range})`;
  return { policy, promoted, reason, comparison };
}

function mean(hits: Uint8Array): number {
  return hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
}
