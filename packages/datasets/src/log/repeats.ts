import type { InteractionLog } from '../dataset';

/**
 * What happens to events of a user with an item that the user already has.
 *
 * - `drop`: only first events are training examples or targets; later ones stay in histories.
 * - `rank`: every event is an example, and may be a target; what the user has is ranked too.
 * - `mask`: every event is an example, and may be a target; what the user has is masked, and the targets that this
 *   masks are counted apart.
 */
export type RepeatRule = 'drop' | 'rank' | 'mask';

/** Whether the event makes its item one that the user has: it is of the target type, where the log has one. */
export function isAcquisition({ types }: InteractionLog, at: number): boolean {
  return types?.target === undefined || types.values[at] === types.target;
}

/** Whether the user has the item of an event by an earlier one, so that it would be masked. */
export function isRepeat(log: InteractionLog, user: number, event: number): boolean {
  const item = log.items[event];
  for (let at = log.offsets[user]; at < event; at++) if (log.items[at] === item && isAcquisition(log, at)) return true;
  return false;
}

/**
 * `[events]` 1 for the events that may be held out: those of the target type and, with `drop`, of these the first of a
 * user with an item. `undefined` where all may.
 */
export function markTargets(log: InteractionLog, rule: RepeatRule): Uint8Array | undefined {
  const isFirst = rule === 'drop' ? markFirst(log, (at) => (isAcquisition(log, at) ? 0 : undefined), 1) : undefined;
  if (log.types?.target === undefined) return isFirst;
  const { target, values } = log.types;
  return isFirst ?? values.map((type) => Number(type === target));
}

/**
 * `[events]` 1 for the events that may be training examples: all, or with `drop` the first of a user with an item (of
 * each type, where one type is the target). `undefined` where all may.
 */
export function markExamples(log: InteractionLog, rule: RepeatRule): Uint8Array | undefined {
  const { types } = log;
  if (rule !== 'drop') return undefined;
  if (types?.target === undefined) return markFirst(log, () => 0, 1);
  return markFirst(log, (at) => types.values[at], types.names.length);
}

/** Events of a user with an item that the user had before. */
export function countRepeats(log: InteractionLog): number {
  const isFirst = markFirst(log, () => 0, 1);
  return isFirst === undefined ? 0 : isFirst.length - isFirst.reduce((sum, first) => sum + first, 0);
}

/**
 * Marks the first event of each user, item and kind; `undefined` where every event is one.
 * @param kindOf in [0, kinds), `undefined` for events that are not marked
 */
function markFirst(
  { userCount, itemCount, offsets, items }: InteractionLog,
  kindOf: (at: number) => number | undefined,
  kinds: number,
): Uint8Array | undefined {
  const lastUser = new Int32Array(itemCount * kinds).fill(-1);
  const isFirst = new Uint8Array(items.length);
  let marked = 0;
  for (let user = 0; user < userCount; user++) {
    for (let at = offsets[user]; at < offsets[user + 1]; at++) {
      const kind = kindOf(at);
      if (kind === undefined) continue;
      const key = items[at] * kinds + kind;
      if (lastUser[key] === user) continue;
      lastUser[key] = user;
      isFirst[at] = 1;
      marked++;
    }
  }
  return marked === items.length ? undefined : isFirst;
}
