import fc from 'fast-check';
import { groupByUser } from './group-by-user';
import { holdOutCold } from './hold-out-cold';
import { splitLeaveLastOut } from './split-leave-last-out';

/** Histories of item rows, one per user. */
const logOf = (histories: readonly (readonly number[])[]) =>
  groupByUser(
    {
      users: Int32Array.from(histories.flatMap((history, user) => history.map(() => user))),
      items: Int32Array.from(histories.flat()),
      timestamps: Float64Array.from(histories.flatMap((history) => history.map((_, time) => time))),
    },
    { userCount: histories.length, itemCount: 30 },
  );

const histories = Array.from({ length: 20 }, (_, user) => Array.from({ length: 8 }, (__, n) => (user * 3 + n) % 30));

describe('holdOutCold', () => {
  it('is the plain split where nothing is held out', () => {
    const log = logOf(histories);
    expect(holdOutCold(log, { users: 0, items: 0 }, 1)).toEqual(splitLeaveLastOut(log));
  });

  it('leaves no event of a cold user or a cold item in training, validation or test', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0.05, max: 0.5, noNaN: true }), (seed, share) => {
        const { log, trainEnd, validation, test, cold } = holdOutCold(
          logOf(histories),
          { users: share, items: share },
          seed,
        );
        const judged = test.filter((item) => item >= 0).length + (cold?.users.length ?? 0);
        expect(cold?.users).toHaveLength(Math.floor(share * judged));
        expect(cold?.items).toHaveLength(Math.floor(share * 30));
        for (const user of cold?.users ?? []) {
          expect([trainEnd[user], validation[user], test[user]]).toEqual([log.offsets[user], -1, -1]);
          expect(log.offsets[user + 1] - log.offsets[user]).toBeGreaterThanOrEqual(3);
        }
        const items = new Set(cold?.items);
        expect([...log.items].filter((item) => items.has(item))).toEqual([]);
        for (const [n, user] of (cold?.users ?? new Int32Array(0)).entries()) {
          const at = cold?.testAt[n] ?? -1;
          expect([at > log.offsets[user], at < log.offsets[user + 1]]).toEqual([true, true]);
        }
        expect(log.timestamps).toHaveLength(log.items.length);
        expect(log.items.length + [...logOf(histories).items].filter((item) => items.has(item)).length).toBe(160);
      }),
      { numRuns: 30 },
    );
  });

  it('judges cold items by the last event of others with one, which has events before it', () => {
    const split = holdOutCold(logOf(histories), { users: 0.3, items: 0.2 }, 7);
    const { cold } = split;
    if (cold === undefined) throw new Error('Nothing is cold.');
    const isCold = new Set(cold.items);
    const strangers = new Set(cold.users);
    const expected = histories.map((history, user) => {
      const at = history.findLastIndex((item) => isCold.has(item));
      return at < 1 || strangers.has(user) ? -1 : cold.log.offsets[user] + at;
    });
    expect([...cold.itemTestAt]).toEqual(expected);
    expect(expected.some((at) => at >= 0)).toBe(true);
  });

  it('draws by the seed, users apart from items', () => {
    const rows = (users: number, items: number, seed: number) =>
      holdOutCold(logOf(histories), { users, items }, seed).cold;
    expect(rows(0.2, 0.1, 5)).toEqual(rows(0.2, 0.1, 5));
    expect(rows(0.2, 0, 5)?.users).not.toEqual(rows(0.2, 0, 6)?.users);
    expect(rows(0, 0.3, 5)?.items).toEqual(rows(0.3, 0.3, 5)?.items);
  });
});
