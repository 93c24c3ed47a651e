import { type InteractionLog, isRepeat, knownEnds, type Split } from '@vector-recall/datasets';
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
  /** Users who are not ranked, since their held-out item is one that they have, which is masked. */
  readonly repeated?: number;
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
  const { log, repeats } = split;
  const heldAt = part === 'validation' ? split.validationAt : split.testAt;
  const held = Int32Array.from(heldAt.keys()).filter((user) => heldAt[user] >= 0);
  if (held.length === 0) {
    throw new TrainingDataError(`No user has a ${part} event; at least one user needs three interactions.`);
  }
  const judged = repeats === 'mask' ? held.filter((user) => !isRepeat(log, user, heldAt[user])) : held;
  if (judged.length === 0) {
    throw new TrainingDataError(
      `Each ${part} event repeats an item that the user already has, and those are masked; use --repeats rank.`,
    );
  }
  const users = sample(judged, options);
  const ends = knownEnds(split, part);
  return {
    log,
    users,
    targets: users.map((user) => log.items[heldAt[user]]),
    ends,
    counts: countItems(log, ends),
    ...(repeats === 'rank' ? { maskEnds: log.offsets } : {}),
    ...(repeats === 'mask' ? { repeated: held.length - judged.length } : {}),
  };
}

export function sample(users: Int32Array, { maxUsers, random }: SampleOptions): Int32Array {
  if (maxUsers === 0 || maxUsers >= users.length) return users;
  const drawn = users.slice();
  random.shuffle(drawn);
  return drawn.slice(0, maxUsers).sort();
}
