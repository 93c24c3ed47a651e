import type { InteractionLog, Split } from '@vector-recall/datasets';
import type { RandomStream } from '@vector-recall/random';
import { countItems } from '../batches/item-counts';
import { TrainingDataError } from '../errors';

/** Users with a held-out item each, and what is known before it; a user with several stands once for each. */
export interface EvaluationTask {
  readonly log: InteractionLog;
  /** User rows, `[users]`. */
  readonly users: Int32Array;
  /** Held-out item rows, `[users]`. */
  readonly targets: Int32Array;
  /** For every user of the log: where what is known of them ends in `log.items`, exclusive. */
  readonly ends: Int32Array;
  /** How often each item occurs before the ends, `[items]`. */
  readonly counts: Int32Array;
  /** For every user: where what is not ranked for them ends in `log.items`; the ends, where it is absent. */
  readonly maskEnds?: Int32Array;
  /** Whether the held-out items of a user are judged together, as one list. */
  readonly isPerUser?: boolean;
  /** Items that are ranked although they occur nowhere before the ends. */
  readonly newItems?: Int32Array;
  /** The users count as unknown, and of their histories the model is told the newest `events`; the mask is whole. */
  readonly strangers?: { readonly events: number };
}

export interface SampleOptions {
  /** Draws that many of the users; 0 takes all. */
  readonly maxUsers: number;
  readonly random: RandomStream;
}

/**
 * The task of an epoch's validation, or of the final test. At test time the validation event counts as known: it is
 * part of the history, of the mask and of popularity.
 *
 * @throws TrainingDataError when no user has a held-out event
 */
export function createTask(split: Split, part: 'validation' | 'test', options: SampleOptions): EvaluationTask {
  const held = part === 'validation' ? split.validation : split.test;
  const all: number[] = [];
  for (let user = 0; user < held.length; user++) if (held[user] >= 0) all.push(user);
  if (all.length === 0) {
    throw new TrainingDataError(`No user has a ${part} event; at least one user needs three interactions.`);
  }
  const users = sample(Int32Array.from(all), options);
  const ends = knownEnds(split, part);
  return {
    log: split.log,
    users,
    targets: users.map((user) => held[user]),
    ends,
    counts: countItems(split.log, ends),
  };
}

/** Where what is known of each user ends in the log, `[users]`, exclusive. */
export function knownEnds(split: Split, part: 'validation' | 'test'): Int32Array {
  const ends = split.trainEnd.slice();
  if (part === 'test') {
    for (let user = 0; user < ends.length; user++) if (split.validation[user] >= 0) ends[user]++;
  }
  return ends;
}

export function sample(users: Int32Array, { maxUsers, random }: SampleOptions): Int32Array {
  if (maxUsers === 0 || maxUsers >= users.length) return users;
  const drawn = users.slice();
  random.shuffle(drawn);
  return drawn.slice(0, maxUsers).sort();
}
