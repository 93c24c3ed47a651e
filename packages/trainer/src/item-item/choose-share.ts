import type { TrainingConfig } from '@vector-recall/core-config';
import type { Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import type { TwoTowerModel } from '@vector-recall/towers';
import { Evaluator } from '../evaluation/evaluator';
import { JudgedUsers } from '../evaluation/judged-users';
import { modelScorer } from '../evaluation/model-scorer';
import { pairedDifference } from '../evaluation/paired-difference';
import { createTask } from '../evaluation/task';

const SHARES = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2];
const CUTOFF = 100;

/**
 * How much an item-item term should count beside the towers: the share with the best NDCG@100 on the validation events of
 * a sample of users. None where the 95 % interval of the difference to the towers alone includes zero, so that no model
 * gets wider vectors by chance.
 *
 * @param withShare the model with the term at a share, and without one where there is none
 */
export async function chooseShare(
  split: Split,
  withShare: (share?: number) => TwoTowerModel,
  { seed, validationUsers: maxUsers }: Pick<TrainingConfig, 'seed' | 'validationUsers'>,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const random = new RandomStream(seed, 'item-item users');
  const task = createTask(split, 'validation', { maxUsers, random });
  const gainsOf = async (share?: number): Promise<Float64Array> => {
    const judged = new JudgedUsers();
    const scorer = modelScorer(withShare(share), task);
    await new Evaluator(task, [CUTOFF]).evaluate(scorer, { onRanks: judged.onRanks, signal });
    return judged.gains(CUTOFF);
  };
  const alone = await gainsOf();
  let best: { readonly share: number; readonly gains: Float64Array } | undefined;
  for (const share of SHARES) {
    const gains = await gainsOf(share);
    if (best === undefined || sum(gains) > sum(best.gains)) best = { share, gains };
  }
  if (best === undefined) return undefined;
  const { interval } = pairedDifference(best.gains, alone, random);
  return interval[0] > 0 ? best.share : undefined;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
