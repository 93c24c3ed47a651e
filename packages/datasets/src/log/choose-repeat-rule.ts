import type { Dataset } from '../dataset';
import type { RepeatRule } from './repeats';
import { isSplittable } from './split-leave-last-out';

/**
 * The rule that a split goes by: the one that is asked for, else the one that the source states, else `drop`. A log
 * whose users all come back to one or two items can't be judged by new ones: there `rank` is taken, and said.
 */
export function chooseRepeatRule(
  { interactions, repeats }: Dataset,
  asked: RepeatRule | 'auto',
): { readonly rule: RepeatRule; readonly notes: readonly string[] } {
  const stated = asked === 'auto' ? repeats : asked;
  if (stated !== undefined) return { rule: stated, notes: [] };
  if (isSplittable(interactions, 'drop') || !isSplittable(interactions, 'rank')) return { rule: 'drop', notes: [] };
  const note =
    'No user has interactions with three different items, so items that a user already has are ranked, ' +
    'as with --repeats rank.';
  return { rule: 'rank', notes: [note] };
}
