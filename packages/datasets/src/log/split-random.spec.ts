import { DatasetError } from '../errors';
import { groupByUser } from './group-by-user';
import { splitAtRandom } from './split-random';

const logOf = (histories: readonly (readonly number[])[]) =>
  groupByUser(
    {
      users: Int32Array.from(histories.flatMap((history, user) => history.map(() => user))),
      items: Int32Array.from(histories.flat()),
      timestamps: Float64Array.from(histories.flatMap((history) => history.map((_, time) => time))),
    },
    { userCount: histories.length, itemCount: 100 },
  );

const lengths = [40, 25, 9, 3, 2, 1, 60];
const log = logOf(lengths.map((length) => Array.from({ length }, (_, n) => n)));

describe.each(['random-80-20', 'random-8-1-1'] as const)('%s', (name) => {
  const split = splitAtRandom(log, name, 4);
  const part = (from: ArrayLike<number>, to: ArrayLike<number>, user: number) => [
    ...split.log.items.subarray(from[user], to[user]),
  ];

  it('uses every event once, each part in order of time', () => {
    lengths.forEach((length, user) => {
      const {
        trainEnd,
        log: { offsets },
      } = split;
      const validationEnd = split.random?.validationEnd ?? trainEnd;
      const parts = [
        part(offsets, trainEnd, user),
        part(trainEnd, validationEnd, user),
        part(validationEnd, offsets.subarray(1), user),
      ];
      for (const items of parts) expect(items).toEqual([...items].sort((a, b) => a - b));
      expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, n) => n));
      expect([split.validation[user], split.test[user]]).toEqual([parts[1][0] ?? -1, parts[2][0] ?? -1]);
    });
  });

  it('is drawn by the seed', () => {
    expect(splitAtRandom(log, name, 4)).toEqual(split);
    expect(splitAtRandom(log, name, 5).test).not.toEqual(split.test);
  });
});

it('cuts a fifth of all events, or a tenth of each user’s twice', () => {
  const sizes = (name: 'random-80-20' | 'random-8-1-1') => {
    const {
      log: { offsets },
      trainEnd,
      random,
    } = splitAtRandom(log, name, 4);
    const validationEnd = random?.validationEnd ?? trainEnd;
    return lengths.map((_, user) => [validationEnd[user] - trainEnd[user], offsets[user + 1] - validationEnd[user]]);
  };
  expect(sizes('random-8-1-1')).toEqual([
    [4, 4],
    [2, 2],
    [1, 1],
    [1, 1],
    [0, 1],
    [0, 0],
    [6, 6],
  ]);
  expect(sizes('random-80-20').reduce((sum, [, test]) => sum + test, 0)).toBe(Math.floor(140 / 5));
});

it('refuses a log that it leaves nothing of', () => {
  expect(() => splitAtRandom(logOf([[1, 2], [3]]), 'random-8-1-1', 1)).toThrow(
    new DatasetError(
      'DATASET_NOT_SPLITTABLE',
      'The split random-8-1-1 leaves no event to validate or to test on; bring a log with longer histories.',
    ),
  );
});
