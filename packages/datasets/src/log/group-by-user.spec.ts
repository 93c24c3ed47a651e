import fc from 'fast-check';
import { groupByUser, type UserEvents } from './group-by-user';

interface Event {
  readonly user: number;
  readonly item: number;
  readonly time: number;
}

const columns = (events: readonly Event[]): UserEvents => ({
  users: Int32Array.from(events, ({ user }) => user),
  items: Int32Array.from(events, ({ item }) => item),
  timestamps: Float64Array.from(events, ({ time }) => time),
});

describe('groupByUser', () => {
  it('orders by user, then time, then place in the source', () => {
    const log = groupByUser(
      columns([
        { user: 1, item: 0, time: 9 },
        { user: 0, item: 1, time: 5 },
        { user: 1, item: 2, time: 3 },
        { user: 1, item: 3, time: 9 },
        { user: 1, item: 4, time: 3 },
      ]),
      { userCount: 3, itemCount: 5 },
    );
    expect([...log.offsets]).toEqual([0, 1, 5, 5]);
    expect([...log.items]).toEqual([1, 2, 4, 0, 3]);
    expect([...log.timestamps]).toEqual([5, 3, 3, 9, 9]);
  });

  it.each([
    ['whole seconds', fc.integer({ min: -5, max: 5 })],
    ['fractions', fc.constantFrom(0.5, 1.25, 1.5, -2.75)],
    ['times too far apart to be packed', fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER)],
  ])('is the stable sort of %s', (_, time) => {
    const events = fc.array(fc.record({ user: fc.nat(3), item: fc.nat(100), time }), { maxLength: 60 });
    fc.assert(
      fc.property(events, (list) => {
        const log = groupByUser(columns(list), { userCount: 4, itemCount: 101 });
        const expected = [...list].sort((a, b) => a.user - b.user || a.time - b.time);
        expect([...log.items]).toEqual(expected.map(({ item }) => item));
        expect([...log.timestamps]).toEqual(expected.map((event) => event.time));
        expect([...log.offsets]).toEqual([0, 1, 2, 3, 4].map((user) => list.filter((e) => e.user < user).length));
      }),
    );
  });

  it('takes all columns of an event along', () => {
    const log = groupByUser(
      {
        users: Int32Array.of(1, 0, 1),
        items: Int32Array.of(0, 1, 2),
        timestamps: Float64Array.of(9, 5, 3),
        weights: Float32Array.of(1, 2, 3),
        types: { names: ['view', 'buy'], values: Uint8Array.of(0, 1, 1), target: 1 },
        context: [{ name: 'device', labels: ['phone'], values: Int32Array.of(0, -1, -1) }],
      },
      { userCount: 2, itemCount: 3 },
    );
    expect([...log.items]).toEqual([1, 2, 0]);
    expect([...(log.weights ?? [])]).toEqual([2, 3, 1]);
    expect(log.types).toEqual({ names: ['view', 'buy'], values: Uint8Array.of(1, 1, 0), target: 1 });
    expect(log.context).toEqual([{ name: 'device', labels: ['phone'], values: Int32Array.of(-1, -1, 0) }]);
  });

  it('leaves out users without a new row and moves the others', () => {
    const log = groupByUser(
      columns([
        { user: 0, item: 0, time: 1 },
        { user: 1, item: 1, time: 1 },
        { user: 2, item: 2, time: 1 },
      ]),
      { userCount: 2, itemCount: 3, newUserRows: Int32Array.of(1, -1, 0) },
    );
    expect([...log.items]).toEqual([2, 0]);
    expect([...log.offsets]).toEqual([0, 1, 2]);
  });
});
