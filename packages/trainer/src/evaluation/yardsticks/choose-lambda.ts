import { knownEnds, type Split } from '@vector-recall/datasets';
import type { RandomStream } from '@vector-recall/random';
import { Evaluator } from '../evaluator';
import { createTask } from '../task';
import { easeScorer, fitEase } from './ease';
import type { InverseOptions } from './symmetric-inverse';

export const LAMBDAS = [50, 200, 500, 1000] as const;

/**
 * The choice is made among the items with most training events: a whole inverse for each λ would take longer than the
 * one that is reported, and this many take a hundredth to a half of it.
 */
const ITEMS = 4096;
const USERS = 2000;
const CUTOFF = 100;

/**
 * The λ of EASE^R with the best HitRate@100 on the validation events of a sample of users; the test events are not
 * looked at. Of equal ones the smallest.
 */
export async function chooseLambda(
  split: Split,
  random: RandomStream,
  { signal }: Pick<InverseOptions, 'signal'> = {},
): Promise<number> {
  const task = createTask(split, 'validation', { maxUsers: USERS, random });
  const known = { log: split.log, ends: knownEnds(split, 'validation') };
  const items = mostFrequent(task.counts, ITEMS);
  const evaluator = new Evaluator(task, [CUTOFF]);
  let best: { readonly lambda: number; readonly hits: number } = { lambda: LAMBDAS[0], hits: -1 };
  for (const lambda of LAMBDAS) {
    const weights = await fitEase(known, items, lambda, { signal });
    const metrics = await evaluator.evaluate(easeScorer(task, weights), { signal });
    const hits = metrics[`hitRate@${CUTOFF}`];
    if (hits > best.hits) best = { lambda, hits };
  }
  return best.lambda;
}

/** @returns item rows, ascending */
function mostFrequent(counts: Int32Array, size: number): Int32Array {
  const occurring = Int32Array.from(counts.keys()).filter((item) => counts[item] > 0);
  return occurring
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, size)
    .sort();
}
