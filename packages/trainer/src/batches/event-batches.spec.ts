import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import { EventBatches } from './event-batches';

const log = logOf(100, [[1, 2, 3, 4, 5, 6], [], [10, 11], [20, 21, 22], [1, 1, 30, 31, 32]]);
// The last two of users with three or more are held out: 4 + 0 + 2 + 1 + 3 training events are left.
const split = splitLeaveLastOut(log, 'rank');

function allEvents(batches: EventBatches): string[] {
  const events: string[] = [];
  for (let step = 0; step < batches.stepsPerEpoch; step++) {
    const { users, positives } = batches.batch(step);
    positives.forEach((positive, n) => {
      const history = users.historyItems.slice(users.historyOffsets[n], users.historyOffsets[n + 1]);
      events.push(`${users.users[n]}: ${history.join(' ')} > ${positive}`);
    });
  }
  return events;
}

describe('EventBatches', () => {
  it('holds every training event once, with what came strictly before it and nothing held out', () => {
    const batches = new EventBatches(split, { batchSize: 5, historyLength: 2 });
    batches.shuffle(new RandomStream(1));
    expect(batches.stepsPerEpoch).toBe(2);
    expect(allEvents(batches).sort()).toEqual(
      [
        '0:  > 1',
        '0: 1 > 2',
        '0: 1 2 > 3',
        '0: 2 3 > 4',
        '2:  > 10',
        '2: 10 > 11',
        '3:  > 20',
        '4:  > 1',
        '4: 1 > 1',
        '4: 1 1 > 30',
      ].sort(),
    );
  });

  it('holds the examples alone, with all events in the histories', () => {
    const batches = new EventBatches(splitLeaveLastOut(log, 'drop'), { batchSize: 9, historyLength: 2 });
    batches.shuffle(new RandomStream(1));
    expect(batches.eventCount).toBe(9);
    expect(allEvents(batches).filter((event) => event.startsWith('4'))).toHaveLength(2);
    expect(allEvents(batches)).toContain('4: 1 1 > 30');
  });

  it('weighs each example as the split does, at a mean of one', () => {
    const weights = log.items.map((item) => (item < 20 ? 3 : 1));
    const batches = new EventBatches(
      { ...split, weights: Float32Array.from(weights) },
      { batchSize: 10, historyLength: 2 },
    );
    batches.shuffle(new RandomStream(1));
    const batch = batches.batch(0);
    // Eight of the ten examples are of an item below 20: the mean weight is 2.6.
    batch.positives.forEach((item, n) => {
      expect(batch.weights?.[n]).toBeCloseTo((item < 20 ? 3 : 1) / 2.6);
    });
    expect(new EventBatches(split, { batchSize: 10, historyLength: 2 }).batch(0).weights).toBeUndefined();
  });

  it('depends on the stream alone, and changes from epoch to epoch', () => {
    const order = (seed: number, epochs: number): string[] => {
      const batches = new EventBatches(split, { batchSize: 5, historyLength: 2 });
      const random = new RandomStream(seed);
      for (let epoch = 0; epoch < epochs; epoch++) batches.shuffle(random);
      return allEvents(batches);
    };
    expect(order(7, 1)).toEqual(order(7, 1));
    expect(order(7, 1)).not.toEqual(order(7, 2));
    expect(order(7, 1)).not.toEqual(order(8, 1));
  });

  it('hides the asked share of the users and leaves their histories as they are', () => {
    const long = splitLeaveLastOut(logOf(50, [Array.from({ length: 2002 }, (_, n) => n % 50)]), 'rank');
    const open = new EventBatches(long, { batchSize: 2000, historyLength: 3 });
    const hidden = new EventBatches(long, { batchSize: 2000, historyLength: 3, unknownUsers: 0.2 });
    open.shuffle(new RandomStream(4));
    hidden.shuffle(new RandomStream(4));
    const { users, positives } = hidden.batch(0);
    const { users: expected, positives: expectedPositives } = open.batch(0);
    expect([positives, users.historyItems]).toEqual([expectedPositives, expected.historyItems]);
    const unknown = users.users.filter((user) => user === -1).length;
    // Binomial: 400 of 2000 with a standard deviation of 18.
    expect(Math.abs(unknown - 400)).toBeLessThan(75);
    expect(users.users.every((user) => user === -1 || user === 0)).toBe(true);
  });

  it('leaves out the last batch when it is not full, and shrinks the batch to a log that is smaller', () => {
    expect(new EventBatches(split, { batchSize: 4, historyLength: 2 }).stepsPerEpoch).toBe(2);
    const small = new EventBatches(split, { batchSize: 64, historyLength: 2 });
    expect([small.batchSize, small.stepsPerEpoch]).toEqual([10, 1]);
  });

  it('refuses a log with fewer than two training events', () => {
    expect(
      () => new EventBatches(splitLeaveLastOut(logOf(3, [[0, 1, 2]])), { batchSize: 4, historyLength: 2 }),
    ).toThrow('There are 1 training events; training needs at least 2. Give a longer interaction log.');
  });
});
