import { groupByUser } from './group-by-user';
import { shuffleOrder } from './shuffle-order';

const users = Int32Array.from({ length: 60 }, (_, n) => (n < 40 ? 0 : 1));
const log = groupByUser(
  {
    users,
    items: Int32Array.from(users.keys()),
    timestamps: new Float64Array(60),
    weights: Float32Array.from(users.keys()),
  },
  { userCount: 2, itemCount: 60 },
);

describe('shuffleOrder', () => {
  it('keeps the events of each user, with their columns, in an order that the seed draws', () => {
    const { items, weights, offsets } = shuffleOrder(log, 3);
    expect(Float32Array.from(items)).toEqual(weights);
    expect(offsets).toEqual(log.offsets);
    expect([...items.subarray(0, 40)].sort((a, b) => a - b)).toEqual([...log.items.subarray(0, 40)]);
    expect(items).not.toEqual(log.items);
    expect(shuffleOrder(log, 3).items).toEqual(items);
    expect(shuffleOrder(log, 4).items).not.toEqual(items);
  });
});
