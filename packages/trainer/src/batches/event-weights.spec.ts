import { splitLeaveLastOut } from '@vector-recall/datasets';
import { logOf } from '../testing/logs';
import { weighEvents } from './event-weights';

const DAY = 86_400;

it('halves the weight of an event for every half-life, around a mean of one', () => {
  const log = logOf(9, [
    [0, 1, 2, 3],
    [4, 5],
  ]);
  // The last two events of the first user are held out, however new they are.
  const timestamps = Float64Array.of(0, 10, 90, 99).map((days) => days * DAY);
  const split = splitLeaveLastOut({ ...log, timestamps: Float64Array.of(...timestamps, 20 * DAY, 30 * DAY) });
  const weights = weighEvents(split, 10) ?? [];
  // Ages of 30, 20, 10 and 0 days: 1/8, 1/4, 1/2, 1, whose mean is 15/32.
  expect([0, 1, 4, 5].map((at) => weights[at])).toEqual([4 / 15, 8 / 15, 16 / 15, 32 / 15].map((w) => expect.closeTo(w, 6) as number)); // prettier-ignore
});
