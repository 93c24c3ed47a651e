import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { LiveStore, type Change, type NewChange } from '@vector-recall/live-index';
import { parseStreamAddress } from './address';
import { StreamedChanges, type ChangeStreamEvent } from './streamed-changes';
import { Brokers, hasBroker } from './testing/brokers';

const folder = mkdtempSync(join(tmpdir(), 'change-stream-'));
let brokers: Brokers;
let connection: NatsConnection;
let manager: JetStreamManager;
const opened = new Set<Follower>();

/** A server's changes: its folder, and the stream that it follows. */
class Follower {
  readonly heard: Change[] = [];

  private constructor(
    readonly store: LiveStore,
    readonly changes: StreamedChanges,
    readonly events: readonly ChangeStreamEvent[],
  ) {
    changes.listen((made) => this.heard.push(...made));
    opened.add(this);
  }

  static async open(name: string, stream: string): Promise<Follower> {
    const store = await LiveStore.open(join(folder, name));
    const events: ChangeStreamEvent[] = [];
    const onEvent = (event: ChangeStreamEvent): void => void events.push(event);
    try {
      const address = parseStreamAddress(brokers.address(stream));
      return new Follower(store, await StreamedChanges.open(store, address, { onEvent }), events);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Resolves when this one has taken up what another has. */
  async reaches(other: Follower): Promise<void> {
    await until(() => this.store.state.seq === other.store.state.seq);
  }

  async close(): Promise<void> {
    opened.delete(this);
    await this.changes.close();
    await this.store.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const upsert = (id: number, name: string, changeId?: string): NewChange => {
  return { kind: 'upsert-item', item: { id, name }, changeId };
};
const bought = (userId: number, changeId?: string): NewChange => {
  return { kind: 'append-events', userId, events: [{ itemId: 1, at: Date.now() }], changeId };
};

(hasBroker ? describe : describe.skip)('with a nats-server', () => {
  beforeAll(async () => {
    brokers = await Brokers.start(1);
    connection = await connect({ servers: [...brokers.servers], maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    manager = await jetstreamManager(connection);
  });
  afterEach(async () => {
    for (const follower of opened) await follower.close();
  });
  afterAll(async () => {
    await connection.close();
    await brokers.remove();
    rmSync(folder, { recursive: true });
  });

  it('makes each change once, in one order, on every server', async () => {
    const [a, b] = [await Follower.open('one-a', 'ONE'), await Follower.open('one-b', 'ONE')];
    expect(await a.changes.write([upsert(1, 'x', 'p'), upsert(1, 'y', 'q'), upsert(2, 'z', 'p')])).toEqual([
      'applied',
      'applied',
      'repeated',
    ]);
    expect(a.store.state.item(1)).toMatchObject({ item: { name: 'y' } });
    const outcomes = await Promise.all([b.changes.write([bought(5, 'r')]), a.changes.write([bought(5, 'r')])]);
    expect(outcomes.flat().toSorted()).toEqual(['applied', 'repeated']);
    const writes = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? a : b).changes.write([upsert(i % 7, `${i}`)]));
    await Promise.all(writes);
    await a.reaches(b);
    expect(a.store.state.entries()).toEqual(b.store.state.entries());
    expect(a.heard).toEqual(b.heard);
    expect(a.changes.lag).toBe(0);
    expect(a.changes.connected).toBe(true);
    // One who comes later gets the same, and goes on from there.
    const late = await Follower.open('one-late', 'ONE');
    expect(late.store.state.entries()).toEqual(a.store.state.entries());
    expect(await late.changes.write([upsert(1, 'x', 'p')])).toEqual(['repeated']);
  });

  it('goes on behind what it has after a restart', async () => {
    const a = await Follower.open('two-a', 'TWO');
    await a.changes.write([bought(1), bought(1)]);
    await a.close();
    const b = await Follower.open('two-b', 'TWO');
    await b.changes.write([bought(1)]);
    const again = await Follower.open('two-a', 'TWO');
    expect(again.store.state.eventsOf(1)).toHaveLength(3);
    expect(again.store.state.offset).toEqual(b.store.state.offset);
    await again.store.compact();
    await again.close();
    expect((await Follower.open('two-a', 'TWO')).store.state.entries()).toEqual(b.store.state.entries());
  });

  it('refuses changes while the broker is gone, and takes them when it is back', async () => {
    const a = await Follower.open('three', 'THREE');
    await a.changes.write([upsert(1, 'before')]);
    await brokers.kill('broker-0');
    await until(() => !a.changes.connected);
    await expect(a.changes.write([upsert(1, 'meanwhile')])).rejects.toMatchObject({
      code: 'LIVE_WRITE_FAILED',
      message:
        "The brokers of the stream THREE can't be reached at the moment, so no change was made; send it again in some seconds.",
    });
    expect(a.store.state.item(1)).toMatchObject({ item: { name: 'before' } });
    // A server that starts without its brokers serves what it has.
    await a.close();
    const again = await Follower.open('three', 'THREE');
    expect(again.changes.connected).toBe(false);
    expect(again.store.state.item(1)).toMatchObject({ item: { name: 'before' } });
    await brokers.restart('broker-0');
    await until(() => again.changes.connected);
    expect(await again.changes.write([upsert(1, 'after')])).toEqual(['applied']);
    expect(again.events.map(({ type }) => type)).toEqual(['disconnected', 'connected']);
  });

  it('passes over what is no change, on every server', async () => {
    const a = await Follower.open('four', 'FOUR');
    await jetstream(connection).publish('vector-recall.FOUR', 'hello');
    expect(await a.changes.write([upsert(1, 'x')])).toEqual(['applied']);
    expect(a.store.state).toMatchObject({ seq: 1, offset: { position: 2 } });
  });

  it('refuses a stream that was purged past what it has', async () => {
    const a = await Follower.open('five', 'FIVE');
    await a.changes.write([upsert(1, 'x')]);
    await a.close();
    const b = await Follower.open('five-b', 'FIVE');
    for (const name of ['y', 'z']) await b.changes.write([upsert(1, name)]);
    await manager.streams.purge('FIVE', { seq: 3 });
    await expect(Follower.open('five', 'FIVE')).rejects.toMatchObject({
      fault: 'purged',
      message: expect.stringMatching(
        /^The stream FIVE was purged up to message 2, but this server has taken up only those to 1; restore a newer/,
      ) as string,
    });
    await expect(Follower.open('five-new', 'FIVE')).rejects.toMatchObject({ fault: 'purged' });
  });

  it('refuses another stream of the same name, and one that is gone', async () => {
    const a = await Follower.open('six', 'SIX');
    await a.changes.write([upsert(1, 'x')]);
    await a.close();
    await manager.streams.delete('SIX');
    await expect(Follower.open('six', 'SIX')).rejects.toMatchObject({ fault: 'missing' });
    await Follower.open('six-new', 'SIX');
    await expect(Follower.open('six', 'SIX')).rejects.toMatchObject({ fault: 'other' });
  });

  it('begins an empty stream with changes of its own, but joins no other with them', async () => {
    for (const name of ['seven', 'seven-b']) {
      const store = await LiveStore.open(join(folder, name));
      await store.write([upsert(1, name)]);
      await store.close();
    }
    const a = await Follower.open('seven', 'SEVEN');
    await a.changes.write([upsert(2, 'x')]);
    expect(a.store.state.seq).toBe(2);
    await expect(Follower.open('seven-b', 'SEVEN')).rejects.toMatchObject({ fault: 'late' });
  });

  it.each([
    ['EIGHT', { subjects: ['eight.>'] }, 'takes several subjects (eight.>)'],
    ['NINE', { subjects: ['nine'], retention: 'workqueue' as const }, 'forgets messages that were read'],
  ])('refuses the stream %s, whose settings do not fit', async (name, settings, problem) => {
    await manager.streams.add({ name, ...settings });
    await expect(Follower.open(name, name)).rejects.toMatchObject({
      fault: 'unfit',
      message: expect.stringContaining(problem) as string,
    });
  });

  it('stops before a message of a later release, and says so to who writes', async () => {
    const a = await Follower.open('ten', 'TEN');
    await a.changes.write([upsert(1, 'x')]);
    const format = headers();
    format.set('Vector-Recall-Format', '2');
    await jetstream(connection).publish('vector-recall.TEN', 'what is to come', { headers: format });
    await until(() => !a.changes.connected);
    await expect(a.changes.write([upsert(1, 'y')])).rejects.toThrow(
      'No change can be made: Message 2 of the stream TEN is of format 2, but this release reads 1; update this server',
    );
    expect(a.store.state.offset?.position).toBe(1);
  });
});

(hasBroker ? it : it.skip)('tells a name and password, and says where they are refused', async () => {
  const safe = await Brokers.start(1, 'authorization { user: shop, password: "p@ss" }');
  const store = await LiveStore.open(mkdtempSync(join(tmpdir(), 'change-stream-')));
  const open = (login: string): Promise<StreamedChanges> =>
    StreamedChanges.open(store, parseStreamAddress(safe.address('S', login)));
  await expect(open('shop:other@')).rejects.toMatchObject({ fault: 'access' });
  await expect(open('')).rejects.toMatchObject({ fault: 'access' });
  const changes = await open('shop:p%40ss@');
  expect(await changes.write([upsert(1, 'x')])).toEqual(['applied']);
  await changes.close();
  await store.close();
  await safe.remove();
});
