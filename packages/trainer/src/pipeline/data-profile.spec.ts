import { profileOf } from './data-profile';

const DAY = 86_400;

/** Two users with one and three events; item 2 of 3 has none. */
const log = {
  itemCount: 3,
  offsets: Int32Array.of(0, 1, 4),
  items: Int32Array.of(0, 0, 1, 0),
  timestamps: Float64Array.of(0, 10 * DAY, 20 * DAY, 40 * DAY),
};

describe('profileOf', () => {
  it('tells how events are spread over users, items and time', () => {
    const { overTime, ...rest } = profileOf(log);
    expect(rest).toEqual({
      eventsPerUser: { median: 1, p90: 3, max: 3 },
      eventsPerItem: { median: 1, p90: 3, max: 3 },
      itemsWithoutEvents: 1,
      // Of 3 items the most frequent one stands for the hundredth.
      topItemShare: 0.75,
    });
    expect(overTime?.map(({ events }) => events).reduce((a, b) => a + b)).toBe(4);
    expect(overTime?.filter(({ events }) => events > 0)).toEqual([
      { from: '1970-01-01', events: 1 },
      { from: '1970-01-11', events: 1 },
      { from: '1970-01-21', events: 1 },
      { from: '1970-02-09', events: 1 },
    ]);
  });

  it.each([
    ['of rows', { order: 'rows' }],
    ['of one moment', { timestamps: new Float64Array(4) }],
  ] as const)('has no periods for a log %s', (_, changes) => {
    expect(profileOf({ ...log, ...changes }).overTime).toBeUndefined();
  });
});
