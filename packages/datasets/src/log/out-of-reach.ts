import { knownEnds, type Split } from './split';

/** From this share of the test targets on, the figures say more about the log than about a model. */
const WORTH_A_NOTE = 0.1;

/** A sentence on the test targets that occur nowhere before, so that no model can find them, where they are many. */
export function notesOnReach(split: Pick<Split, 'log' | 'trainEnd' | 'validationAt' | 'testAt' | 'test'>): string[] {
  const { log, test } = split;
  const isKnown = new Uint8Array(log.itemCount);
  knownEnds(split, 'test').forEach((end, user) => {
    for (let at = log.offsets[user]; at < end; at++) isKnown[log.items[at]] = 1;
  });
  let targets = 0;
  let unknown = 0;
  for (const item of test) {
    if (item < 0) continue;
    targets++;
    if (isKnown[item] === 0) unknown++;
  }
  if (unknown <= WORTH_A_NOTE * targets) return [];
  return [
    `${unknown} of ${targets} test targets (${Math.round((100 * unknown) / targets)} %) are items that occur nowhere else; ` +
      'no model can recommend them, and they count as misses.',
  ];
}
