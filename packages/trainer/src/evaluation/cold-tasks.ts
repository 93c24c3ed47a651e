import type { ColdRows, Split } from '@vector-recall/datasets';
import { countItems } from '../batches/item-counts';
import { type EvaluationTask, knownEnds, sample, type SampleOptions } from './task';

/** Events that a stranger brings: enough to tell a taste, and what an application has after one visit. */
export const STRANGER_EVENTS = 3;

/**
 * The last events of users who were held wholly out of training. The model is told their last three events before it
 * and not who they are. What is ranked and masked is as for everyone else, so that only what the model knows differs.
 * `undefined` where there are no such users.
 */
export function coldUserTask(split: Split, options: SampleOptions): EvaluationTask | undefined {
  const cold = split.cold?.users ?? new Int32Array(0);
  if (cold.length === 0) return undefined;
  const { log } = split;
  const ends = knownEnds(split, 'test');
  const counts = countItems(log, ends);
  for (const user of cold) ends[user] = log.offsets[user + 1] - 1;
  const users = sample(cold, options);
  return {
    log,
    users,
    targets: users.map((user) => log.items[ends[user]]),
    ends,
    counts,
    strangers: { events: STRANGER_EVENTS },
  };
}

/**
 * Each user's last event with an item that was held wholly out of training, ranked among all items, trained and cold
 * ones, from what the user did before that event. `undefined` where there are no such events.
 */
export function coldItemTask(split: Split, options: SampleOptions): EvaluationTask | undefined {
  const { cold } = split;
  if (cold === undefined || cold.items.length === 0) return undefined;
  const counts = countItems(split.log, knownEnds(split, 'test'));
  const { ends, users: all } = lastColdEvents(cold, split.log.itemCount);
  if (all.length === 0) return undefined;
  const users = sample(all, options);
  return {
    log: cold.log,
    users,
    targets: users.map((user) => cold.log.items[ends[user]]),
    ends,
    counts,
    newItems: cold.items,
  };
}

/** Users who were trained on, and where the last of their events with a cold item stands; it has events before it. */
function lastColdEvents(
  { log, items, users: coldUsers }: ColdRows,
  itemCount: number,
): { ends: Int32Array; users: Int32Array } {
  const isCold = new Uint8Array(itemCount);
  for (const item of items) isCold[item] = 1;
  const strangers = new Set(coldUsers);
  const ends = log.offsets.slice(0, log.userCount);
  const users: number[] = [];
  for (let user = 0; user < log.userCount; user++) {
    let at = log.offsets[user + 1] - 1;
    while (at > log.offsets[user] && isCold[log.items[at]] === 0) at--;
    if (at <= log.offsets[user] || strangers.has(user)) continue;
    ends[user] = at;
    users.push(user);
  }
  return { ends, users: Int32Array.from(users) };
}
