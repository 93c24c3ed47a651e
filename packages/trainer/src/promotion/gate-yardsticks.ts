import type { Scorer } from '../evaluation/scorer';
import { popularityScorer } from '../evaluation/scorers';
import type { EvaluationTask } from '../evaluation/task';
import { itemKnnScorer } from '../evaluation/yardsticks/item-knn';

export interface Yardstick {
  /** As in the JSON of an evaluation. */
  readonly key: string;
  /** As a sentence names it. */
  readonly name: string;
  readonly scorer: Scorer;
}

/** What a model has to match before it serves anyone: methods that need no training. */
export function gateYardsticks(task: EvaluationTask): readonly Yardstick[] {
  return [
    { key: 'popularity', name: 'popularity', scorer: popularityScorer(task.counts) },
    { key: 'itemKnn', name: 'item-kNN', scorer: itemKnnScorer(task) },
  ];
}
