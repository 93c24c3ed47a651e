import { type EvaluateOptions, Evaluator } from '../evaluation/evaluator';
import type { Scorer } from '../evaluation/scorer';
import type { EvaluationTask } from '../evaluation/task';

/** Which of the judged users find a held-out item among their first `cutoff`: 1 for a hit, in the order of the task. */
export async function userHits(
  task: EvaluationTask,
  scorer: Scorer,
  cutoff: number,
  options: Pick<EvaluateOptions, 'onProgress' | 'signal'> = {},
): Promise<Uint8Array> {
  const hits: number[] = [];
  const onRanks = (ranks: readonly number[]): void => {
    hits.push(ranks.some((rank) => rank < cutoff) ? 1 : 0);
  };
  await new Evaluator(task, [cutoff]).evaluate(scorer, { ...options, onRanks });
  return Uint8Array.from(hits);
}
