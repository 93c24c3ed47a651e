import type { InteractionLog } from '../dataset';
import { exampleWeights } from './example-weights';
import { notesOnReach } from './out-of-reach';
import { countRepeats, isRepeat, markExamples, markTargets, type RepeatRule } from './repeats';
import { checkHeldOut, itemsAt, type Split } from './split';

/** Fewer events leave nothing to learn a user from: they are all for training. */
export const MIN_EVENTS = 3;

/**
 * Each user's last target is for the test, the one before for validation, and what comes before that for training.
 * Targets are all events, or those of the log's target type; with `drop` only first ones count, as targets and as
 * events. Users with fewer than three events are all training. Where a user has one target only, there is no validation.
 *
 * @throws DatasetError (`DATASET_NOT_SPLITTABLE`) when no user has three events
 */
export function splitLeaveLastOut(log: InteractionLog, repeats: RepeatRule = 'drop'): Split {
  const { userCount, offsets } = log;
  const isTarget = markTargets(log, repeats);
  const isExample = markExamples(log, repeats);
  const trainEnd = new Int32Array(userCount);
  const validationAt = new Int32Array(userCount).fill(-1);
  const testAt = new Int32Array(userCount).fill(-1);
  for (let user = 0; user < userCount; user++) {
    const [start, end] = [offsets[user], offsets[user + 1]];
    trainEnd[user] = end;
    if (countMarked(isExample, start, end) < MIN_EVENTS) continue;
    testAt[user] = lastMarked(isTarget, start + 1, end);
    if (testAt[user] < 0) continue;
    validationAt[user] = lastMarked(isTarget, start + 1, testAt[user]);
    trainEnd[user] = validationAt[user] < 0 ? testAt[user] : validationAt[user];
  }
  checkHeldOut([validationAt, testAt], describeTooShort(log, repeats));
  const test = itemsAt(log, testAt);
  return {
    log,
    trainEnd,
    validationAt,
    testAt,
    validation: itemsAt(log, validationAt),
    test,
    ...(isExample === undefined ? {} : { isExample }),
    weights: exampleWeights({ log, isExample }, trainEnd),
    repeats,
    notes: [
      ...notesOnRepeats(log, repeats),
      ...(repeats === 'mask' ? notesOnMaskedTargets(log, testAt) : []),
      ...notesOnReach({ log, trainEnd, validationAt, testAt, test }),
    ],
  };
}

/** Whether a user has as many events as are needed to hold two of them out. */
export function isSplittable(log: InteractionLog, repeats: RepeatRule): boolean {
  const isExample = markExamples(log, repeats);
  return log.offsets.some(
    (start, user) => user < log.userCount && countMarked(isExample, start, log.offsets[user + 1]) >= MIN_EVENTS,
  );
}

function countMarked(marks: Uint8Array | undefined, start: number, end: number): number {
  return marks === undefined ? end - start : marks.subarray(start, end).reduce((sum, mark) => sum + mark, 0);
}

/** The last marked position in [start, end), or -1. */
function lastMarked(marks: Uint8Array | undefined, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) if (marks === undefined || marks[at] === 1) return at;
  return -1;
}

function describeTooShort({ userCount, types }: InteractionLog, repeats: RepeatRule): string {
  const different = repeats === 'drop' ? ' with different items' : '';
  const ofType = types?.target === undefined ? '' : `, two of them of the type ${types.names[types.target]}`;
  return (
    `None of the ${userCount} users has ${MIN_EVENTS} interactions${different}${ofType}, ` +
    'so there is nothing to validate or test on; bring a log with longer histories.'
  );
}

/** A masked target is no miss of the model: evaluation leaves such users out, and says so here. */
function notesOnMaskedTargets(log: InteractionLog, testAt: Int32Array): string[] {
  const targets = testAt.filter((at) => at >= 0).length;
  const masked = testAt.filter((at, user) => at >= 0 && isRepeat(log, user, at)).length;
  if (masked === 0) return [];
  return [
    `${masked} of ${targets} test targets are items that the user already has; they are masked, and not evaluated.`,
  ];
}

const WHAT_HAPPENS: Record<RepeatRule, string> = {
  drop: 'they stay in histories and are neither training examples nor targets',
  rank: 'they are training examples and may be targets, and items that a user has are ranked',
  mask: 'they are training examples and may be targets, and items that a user has are masked',
};

function notesOnRepeats(log: InteractionLog, rule: RepeatRule): string[] {
  const repeats = countRepeats(log);
  if (repeats === 0) return [];
  return [
    `${repeats} of ${log.items.length} interactions repeat an item that the user already has; ` +
      `${WHAT_HAPPENS[rule]} (repeats: ${rule}).`,
  ];
}
