import { knownEnds, type Split } from '@vector-recall/datasets';
import { countItems } from '../batches/item-counts';
import { type EvaluationTask, sample, type SampleOptions } from './task';

/** Events that a stranger brings: enough to tell a taste, and what an application has after one visit. */
export const STRANGER_EVENTS = 3;

/**
 * The last events of users who were held wholly out of training. The model is told their last three events before it
 * and not who they are. What is ranked and masked is as for everyone else, so that only what the model knows differs.
 * `undefined` where there are no such users.
 */
export function coldUserTask(split: Split, options: SampleOptions): EvaluationTask | undefined {
  const { log, cold, repeats } = split;
  if (cold === undefined || cold.users.length === 0) return undefined;
  const ends = knownEnds(split, 'test');
  const counts = countItems(log, ends);
  cold.users.forEach((user, n) => (ends[user] = cold.testAt[n]));
  const users = sample(cold.users, options);
  return {
    log,
    users,
    targets: users.map((user) => log.items[ends[user]]),
    ends,
    counts,
    ...(repeats === 'rank' ? { maskEnds: log.offsets } : {}),
    strangers: { events: STRANGER_EVENTS },
  };
}

/**
 * Each user's last event with an item that was held wholly out of training, ranked among all items, trained and cold
 * ones, from what the user did before that event. `undefined` where there are no such events.
 */
export function coldItemTask(split: Split, options: SampleOptions): EvaluationTask | undefined {
  const { cold, repeats } = split;
  if (cold === undefined || cold.items.length === 0) return undefined;
  const { log, itemTestAt, items } = cold;
  const counts = countItems(split.log, knownEnds(split, 'test'));
  const all = Int32Array.from(itemTestAt.keys()).filter((user) => itemTestAt[user] >= 0);
  if (all.length === 0) return undefined;
  const users = sample(all, options);
  return {
    log,
    users,
    targets: users.map((user) => log.items[itemTestAt[user]]),
    ends: itemTestAt.map((at, user) => (at < 0 ? log.offsets[user] : at)),
    counts,
    ...(repeats === 'rank' ? { maskEnds: log.offsets } : {}),
    newItems: items,
  };
}
