import type { Split } from '@vector-recall/datasets';
import type { RandomStream } from '@vector-recall/random';
import { countExamples } from '../batches/examples';

/**
 * A split with the events of some users alone, drawn at random until they have `maxEvents` training events; the split
 * itself where it has no more. The events of the others are in no one's history, count for nothing and are not held out.
 */
export function sampleUsers(split: Split, maxEvents: number, random: RandomStream): Split {
  const total = countExamples(split);
  if (total <= maxEvents) return split;
  const users = Int32Array.from({ length: split.log.userCount }, (_, user) => user);
  random.shuffle(users);
  const isKept = new Uint8Array(users.length);
  // Users differ in length, but many of them make the share that was asked for.
  for (const user of users.subarray(0, Math.ceil((users.length * maxEvents) / total))) isKept[user] = 1;
  const kept = (at: Int32Array, instead: (user: number) => number): Int32Array =>
    at.map((value, user) => (isKept[user] === 1 ? value : instead(user)));
  const none = (): number => -1;
  return {
    ...split,
    trainEnd: kept(split.trainEnd, (user) => split.log.offsets[user]),
    validationAt: kept(split.validationAt, none),
    testAt: kept(split.testAt, none),
    validation: kept(split.validation, none),
    test: kept(split.test, none),
  };
}
