import fc from 'fast-check';
import { DatasetError } from '../errors';
import { groupByUser } from './group-by-user';
import { splitLeaveLastOut } from './split-leave-last-out';

/** Histories of item rows, one per user. */
const logOf = (histories: readonly (readonly number[])[]) =>
  groupByUser(
    {
      users: Int32Array.from(histories.flatMap((history, user) => history.map(() => user))),
      items: Int32Array.from(histories.flat()),
      timestamps: Float64Array.from(histories.flatMap((history) => history.map((_, time) => time))),
    },
    { userCount: histories.length, itemCount: 50 },
  );

describe('splitLeaveLastOut', () => {
  it('takes the last event for the test and the one before for validation', () => {
    const split = splitLeaveLastOut(logOf([[4, 5, 6, 7], [1, 2], [], [8, 9, 10]]));
    expect([...split.trainEnd]).toEqual([2, 6, 6, 7]);
    expect([...split.validation]).toEqual([6, -1, -1, 9]);
    expect([...split.test]).toEqual([7, -1, -1, 10]);
  });

  it('uses every event exactly once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(49), { maxLength: 6 }), { maxLength: 8 }), (histories) => {
        fc.pre(histories.some((history) => history.length >= 3));
        const { log, trainEnd, validation, test } = splitLeaveLastOut(logOf(histories));
        histories.forEach((history, user) => {
          const train = log.items.subarray(log.offsets[user], trainEnd[user]);
          const held = [validation[user], test[user]].filter((item) => item >= 0);
          expect([...train, ...held]).toEqual(history);
          expect(held).toHaveLength(history.length >= 3 ? 2 : 0);
        });
      }),
    );
  });

  it('refuses a log in which no user has three events', () => {
    expect(() => splitLeaveLastOut(logOf([[1], [2, 3]]))).toThrow(
      new DatasetError(
        'DATASET_NOT_SPLITTABLE',
        'None of the 2 users has 3 interactions, so there is nothing to validate or test on; ' +
          'bring a log with longer histories.',
      ),
    );
  });
});
