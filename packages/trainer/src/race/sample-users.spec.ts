import { RandomStream } from '@vector-recall/random';
import { splitLeaveLastOut } from '@vector-recall/datasets';
import { countExamples } from '../batches/examples';
import { createTask } from '../evaluation/task';
import { logOf } from '../testing/logs';
import { sampleUsers } from './sample-users';

const USERS = 200;
const split = splitLeaveLastOut(
  logOf(
    50,
    Array.from({ length: USERS }, (_, user) => [0, 1, 2, 3, 4, 5].map((step) => (user + 7 * step) % 50)),
  ),
);

describe('sampleUsers', () => {
  it('keeps the whole events of as many users as make the number', () => {
    const sample = sampleUsers(split, 200, new RandomStream(1));
    // Four training events a user.
    expect(countExamples(sample)).toBe(200);
    const { users } = createTask(sample, 'validation', { maxUsers: 0, random: new RandomStream(2) });
    expect(users).toHaveLength(50);
    for (const user of users) {
      expect(sample.trainEnd[user]).toBe(split.trainEnd[user]);
      expect(sample.validation[user]).toBe(split.validation[user]);
    }
  });

  it('knows nothing of the others', () => {
    const sample = sampleUsers(split, 200, new RandomStream(1));
    const task = createTask(sample, 'validation', { maxUsers: 0, random: new RandomStream(2) });
    expect(task.counts.reduce((sum, count) => sum + count, 0)).toBe(200);
  });

  it('is the split itself where that is small enough, and depends on the stream alone', () => {
    expect(sampleUsers(split, 800, new RandomStream(1))).toBe(split);
    const drawn = (seed: number) => sampleUsers(split, 100, new RandomStream(seed)).trainEnd;
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});
