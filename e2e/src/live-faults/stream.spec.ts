import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Brokers, hasBroker } from '@vector-recall/change-stream/testing';
import { ItemClient, RecallCallError } from '@vector-recall/recall-grpc';
import { temporaryFolder } from '../cli';
import { runServer, Server } from '../server';
import { buildStore, DIM, FAULTS_TIMEOUT_MS, isWhole } from './world';

jest.setTimeout(FAULTS_TIMEOUT_MS);

const KILLS = isWhole ? 10 : 1;
const ITEMS = 200;
const KEYS = 200;
const LANES = 4;
const STREAM = 'CHANGES';

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const store = path('store');
let version: string;
let brokers: Brokers;

const vectorOf = (n: number): Float32Array => Float32Array.from({ length: DIM }, (_, i) => Math.sin(n * DIM + i));

/** Value of a metric without labels. */
async function metric(server: Server, name: string): Promise<number> {
  const { text } = await server.page('/metrics');
  return Number(new RegExp(`^vector_recall_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

type KeyState = number | 'deleted';

/** Changes keys through several servers at once, each lane its own keys. */
class Writer {
  /** What each key is now. */
  readonly states = new Map<number, KeyState>();
  #made = 0;
  #ended = false;
  readonly #lanes: Promise<unknown>;

  constructor(targets: readonly string[]) {
    this.#lanes = Promise.all(
      Array.from({ length: LANES }, (_, lane) => this.#write(targets[lane % targets.length], lane)),
    );
  }

  /** Resolves when so many more changes are acknowledged. */
  async makes(count: number): Promise<void> {
    const end = this.#made + count;
    while (this.#made < end) await Promise.race([wait(10), this.#lanes]);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#lanes;
  }

  async #write(target: string, lane: number): Promise<void> {
    const client = new ItemClient(target, { deadlineMs: 30_000 });
    for (let i = 0; !this.#ended; i++) {
      const key = 10_000 + ((i * LANES + lane) % KEYS);
      const n = i * LANES + lane;
      const state = n % 7 === 0 ? 'deleted' : n;
      await change(client, key, state, `change ${n}`);
      this.states.set(key, state);
      this.#made++;
    }
    client.close();
  }
}

/** Changes a key; as a client does it, the same change is sent with the same id until it is acknowledged. */
async function change(client: ItemClient, key: number, state: KeyState, changeId: string): Promise<void> {
  for (;;) {
    try {
      if (state === 'deleted') await client.deleteItems([key], { changeId });
      else await client.upsertItems([{ id: key, vector: vectorOf(state), name: String(state) }], { changeId });
      return;
    } catch (error) {
      if (!(error instanceof RecallCallError && error.status === 'UNAVAILABLE')) throw error;
      await wait(50);
    }
  }
}

/** What a server says of each key, once it has the change of a last one, which stands behind all others. */
async function statesOf(server: Server, keys: readonly number[], last: number): Promise<unknown[]> {
  const client = new ItemClient(server.target);
  while ((await client.getItems([last]))[0].kind !== 'upserted') await wait(20);
  const states = await client.getItems(keys);
  client.close();
  return states;
}

(hasBroker ? describe : describe.skip)('with three brokers', () => {
  beforeAll(async () => {
    let item = 0;
    version = await buildStore(store, ITEMS, () => vectorOf(item++));
    brokers = await Brokers.start(3);
  });
  afterAll(() => brokers.remove());

  it('two servers end in the same state after the leader of the stream was killed under writes', async () => {
    const start = async (name: string, workers: number): Promise<Server> => {
      const flags = ['--live', path(name), '--changes', brokers.address(STREAM), '--workers', String(workers)];
      const server = await Server.start(store, flags);
      await server.serves(version, workers);
      return server;
    };
    const first = await start('first', 1);
    const second = await start('second', 2);
    const writer = new Writer([first.target, second.target]);
    await writer.makes(300);
    for (let kill = 0; kill < KILLS; kill++) {
      const leader = await brokers.leaderOf(STREAM);
      await brokers.kill(leader);
      await writer.makes(300);
      await brokers.restart(leader);
      await writer.makes(300);
    }
    await writer.end();

    const client = new ItemClient(first.target, { deadlineMs: 30_000 });
    const keys = [...writer.states.keys()];
    await change(client, 1, 1, 'behind all');
    const states = await statesOf(first, keys, 1);
    expect(states).toEqual(
      keys.map((key) => {
        const state = writer.states.get(key);
        return state === 'deleted'
          ? { kind: 'deleted' }
          : { kind: 'upserted', item: { id: key, vector: vectorOf(Number(state)), name: String(state) } };
      }),
    );
    expect(await statesOf(second, keys, 1)).toEqual(states);
    for (const server of [first, second]) {
      expect(await metric(server, 'change_lag')).toBe(0);
      expect(await metric(server, 'change_stream_connected')).toBe(1);
    }

    // One that dies goes on behind what it had.
    second.kill('SIGKILL');
    for (const [i, key] of keys.slice(0, 50).entries()) await change(client, key, i, `after ${key}`);
    await change(client, 2, 2, 'behind these');
    client.close();
    await second.stop();
    const again = await start('second', 2);
    expect(await statesOf(again, keys, 2)).toEqual(await statesOf(first, keys, 2));
    expect((await again.stop()).code).toBe(0);
    expect((await first.stop()).code).toBe(0);
  });

  it('says what is missing', async () => {
    const { code, stderr } = await runServer(['--artifacts', store, '--changes', 'nats://127.0.0.1:4222/S']);
    expect(code).toBe(2);
    expect(stderr).toContain('--changes needs --live DIR');
  });
});
