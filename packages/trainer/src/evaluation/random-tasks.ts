import type { Split } from '@vector-recall/datasets';
import { countItems } from '../batches/item-counts';
import { type EvaluationTask, sample, type SampleOptions } from './task';

/**
 * Every test event of a random split by itself: all items are ranked that occur in training or validation, and nothing
 * is masked, not even what the user has. HitRate@100 is then the top-100 accuracy of TensorFlow Recommenders' retrieval
 * tutorial. Histories are those of training, in order of time.
 */
export function eventTask(split: Split, options: SampleOptions): EvaluationTask {
  return { ...testEvents(split, options), maskEnds: split.log.offsets };
}

/**
 * All test events of a user together, ranked among what the user has neither in training nor in validation: Recall@K and
 * NDCG@K as in RecBole (Zhao et al. 2021) with its random split by user and full ranking.
 */
export function userTask(split: Split, options: SampleOptions): EvaluationTask {
  return { ...testEvents(split, options), maskEnds: split.random?.validationEnd ?? split.trainEnd, isPerUser: true };
}

/** @returns one entry for each test event; those of a user stand together */
function testEvents(split: Split, options: SampleOptions): EvaluationTask {
  const { log, trainEnd } = split;
  const validationEnd = split.random?.validationEnd ?? trainEnd;
  const judged = Int32Array.from(split.test.keys()).filter((user) => split.test[user] >= 0);
  const users: number[] = [];
  const targets: number[] = [];
  for (const user of sample(judged, options)) {
    for (let at = validationEnd[user]; at < log.offsets[user + 1]; at++) {
      users.push(user);
      targets.push(log.items[at]);
    }
  }
  return {
    log,
    users: Int32Array.from(users),
    targets: Int32Array.from(targets),
    ends: trainEnd,
    counts: countItems(log, validationEnd),
  };
}
