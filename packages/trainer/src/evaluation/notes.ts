import { type GroupReport, type YardstickName, yardstickNames } from './evaluation-report';

/** The names that readers know. */
export const YARDSTICK_NAMES: Readonly<Record<YardstickName, string>> = {
  popularity: 'popularity',
  itemKnn: 'item-kNN',
  ease: 'EASE^R',
  attributeKnn: 'attribute-kNN',
};

/** From this share of held-out items on that nothing can find, the figures say as much of the log as of the model. */
const MUCH_UNREACHABLE = 0.1;

/**
 * What a reader should know before believing the figures, in words.
 *
 * @param context `targets` are the held-out items, `cutoff` is the list length that the sentences are about
 */
export function notesOnGroup(
  group: Omit<GroupReport, 'notes'>,
  { cutoff, targets }: { readonly cutoff: number; readonly targets: number },
): string[] {
  return [...notesOnYardsticks(group, cutoff), ...notesOnReach(group, targets)];
}

function notesOnYardsticks(group: Omit<GroupReport, 'notes'>, cutoff: number): string[] {
  const figure = `hitRate@${cutoff}` as const;
  const ours = group.model[figure];
  const worse = yardstickNames.flatMap((name) => {
    const theirs = group[name]?.[figure];
    if (theirs === undefined || theirs <= ours) return [];
    return [
      `The model is worse than ${YARDSTICK_NAMES[name]}: HitRate@${cutoff} ${ours.toFixed(4)} against ${theirs.toFixed(4)}.`,
    ];
  });
  if (worse.length > 0) return worse;
  const { to, [figure]: difference } = group.difference;
  if (difference.interval[0] > 0) return [];
  return [
    `The model is not reliably better than ${YARDSTICK_NAMES[to]}: ` +
      `the 95 % interval of the difference in HitRate@${cutoff} includes zero.`,
  ];
}

function notesOnReach({ unreachable, items }: Omit<GroupReport, 'notes'>, targets: number): string[] {
  if (unreachable <= MUCH_UNREACHABLE * targets) return [];
  const share = Math.round((100 * unreachable) / targets);
  return [
    `${unreachable} of the ${targets} held-out items (${share} %) occur nowhere before, so nothing that ranks the ` +
      `${items} known items can find them. Check that the events are in order of time and that items recur.`,
  ];
}
