import type { Split } from '@vector-recall/datasets';

type Examples = Pick<Split, 'log' | 'trainEnd' | 'isExample'>;

/** The positions in `log.items` of the events that are trained on, user by user. */
export function* examples({ log, trainEnd, isExample }: Examples): Generator<number, void, void> {
  for (let user = 0; user < log.userCount; user++) {
    for (let at = log.offsets[user]; at < trainEnd[user]; at++) if (isExample?.[at] !== 0) yield at;
  }
}

export function countExamples({ log, trainEnd, isExample }: Examples): number {
  let count = 0;
  for (let user = 0; user < log.userCount; user++) {
    if (isExample === undefined) count += trainEnd[user] - log.offsets[user];
    else for (let at = log.offsets[user]; at < trainEnd[user]; at++) count += isExample[at];
  }
  return count;
}
