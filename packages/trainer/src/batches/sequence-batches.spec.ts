import { splitLeaveLastOut } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { logOf } from '../testing/logs';
import { SequenceBatches } from './sequence-batches';

const log = logOf(100, [[1, 2, 3, 4, 5, 6, 7], [], [10, 11], [20, 21, 22], [1, 1, 30, 31, 32]]);
// The last two of users with three or more are held out: 5 + 0 + 2 + 1 + 3 training events remain.
const split = splitLeaveLastOut(log, 'rank');

/** `user: history > positive` of every example. */
function allExamples(batches: SequenceBatches): string[] {
  const examples: string[] = [];
  for (let step = 0; step < batches.stepsPerEpoch; step++) {
    const { users, positives } = batches.batch(step);
    const { of, lengths } = users.sequences ?? { of: [], lengths: [] };
    positives.forEach((positive, n) => {
      const start = users.historyOffsets[of[n]];
      examples.push(
        `${users.users[n]}: ${users.historyItems.slice(start, start + lengths[n]).join(' ')} > ${positive}`,
      );
    });
  }
  return examples.sort();
}

const EXAMPLES = [
  '0:  > 1',
  '0: 1 > 2',
  '0: 1 2 > 3',
  '0: 1 2 3 > 4',
  '0: 1 2 3 4 > 5',
  '2:  > 10',
  '2: 10 > 11',
  '3:  > 20',
  '4:  > 1',
  '4: 1 > 1',
  '4: 1 1 > 30',
].sort();

describe('SequenceBatches', () => {
  it('holds every training event once, with what came strictly before it and nothing held out', () => {
    const batches = new SequenceBatches(split, { batchSize: 5, historyLength: 10 });
    batches.shuffle(new RandomStream(1));
    expect(allExamples(batches)).toEqual(EXAMPLES);
  });

  it('cuts long histories into windows, and predicts each event once', () => {
    const batches = new SequenceBatches(split, { batchSize: 4, historyLength: 2 });
    batches.shuffle(new RandomStream(2));
    const expected = EXAMPLES.map(
      (each) => ({ '0: 1 2 3 > 4': '0: 3 > 4', '0: 1 2 3 4 > 5': '0: 3 4 > 5' })[each] ?? each,
    );
    expect(allExamples(batches)).toEqual(expected.sort());
  });

  it('gives each user the longest histories at the newest events', () => {
    const long = splitLeaveLastOut(logOf(9, [[0, 1, 2, 3, 4, 5, 6, 7, 8]]), 'rank');
    const batches = new SequenceBatches(long, { batchSize: 99, historyLength: 3 });
    batches.shuffle(new RandomStream(3));
    expect(allExamples(batches)).toEqual(
      ['0:  > 0', '0: 0 > 1', '0: 0 1 > 2', '0: 0 1 2 > 3', '0: 3 > 4', '0: 3 4 > 5', '0: 3 4 5 > 6'].sort(),
    );
  });

  it('predicts only what is an example, and reads the rest', () => {
    const isExample = Uint8Array.from(log.items, () => 1);
    isExample[1] = 0;
    const batches = new SequenceBatches({ ...split, isExample }, { batchSize: 99, historyLength: 10 });
    batches.shuffle(new RandomStream(4));
    expect(allExamples(batches)).toEqual(EXAMPLES.filter((each) => each !== '0: 1 > 2'));
  });

  it('depends on the stream alone, and changes from epoch to epoch', () => {
    const users = (seed: number, epochs: number): number[] => {
      const batches = new SequenceBatches(split, { batchSize: 3, historyLength: 2 });
      const random = new RandomStream(seed);
      for (let epoch = 0; epoch < epochs; epoch++) batches.shuffle(random);
      return Array.from({ length: batches.stepsPerEpoch }, (_, step) => [...batches.batch(step).users.users]).flat();
    };
    expect(users(7, 1)).toEqual(users(7, 1));
    expect(users(7, 1)).not.toEqual(users(7, 2));
    expect(users(7, 1)).not.toEqual(users(8, 1));
  });

  it('hides the asked share of the users, a whole window at a time', () => {
    const many = splitLeaveLastOut(
      logOf(
        50,
        Array.from({ length: 2000 }, (_, n) => [n % 50, 1, 2, 3]),
      ),
      'rank',
    );
    const batches = new SequenceBatches(many, { batchSize: 1000, historyLength: 3, unknownUsers: 0.2 });
    batches.shuffle(new RandomStream(4));
    let hidden = 0;
    for (let step = 0; step < batches.stepsPerEpoch; step++) {
      const { users } = batches.batch(step);
      users.sequences?.of.forEach((sequence, n) => {
        if (n > 0 && users.sequences?.of[n - 1] === sequence) expect(users.users[n]).toBe(users.users[n - 1]);
      });
      hidden += users.users.filter((user) => user === -1).length;
    }
    // Two examples a user: binomial, 400 of 2000 windows with a standard deviation of 18.
    expect(Math.abs(hidden / 2 - 400)).toBeLessThan(75);
  });

  it('refuses a log with fewer than two training events', () => {
    const short = splitLeaveLastOut(logOf(3, [[0, 1, 2]]), 'rank');
    expect(() => new SequenceBatches(short, { batchSize: 4, historyLength: 2 })).toThrow(
      'There are 1 training events; training needs at least 2. Give a longer interaction log.',
    );
  });
});
