import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writeNpy } from '@vector-recall/model-store';
import { ItemClient } from '@vector-recall/recall-grpc';
import { runJson, temporaryFolder } from './cli';
import { indexBuildSchema } from './contract';
import { runServer, Server } from './server';

/** `FAULTS=whole` runs all of it, as `nx run recall-server:fault-test` does; otherwise it takes some seconds. */
const isWhole = process.env['FAULTS'] === 'whole';
const kills = isWhole ? 200 : 4;
const harms = isWhole ? 100 : 6;

jest.setTimeout(isWhole ? 3_600_000 : 600_000);

const DIM = 8;
const ITEMS = 200;
const KEYS = 64;
const LANES = 8;

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const store = path('store');
let version: string;

/** Uniform draws in (0, 1), by the generator of Park and Miller. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const draw = uniform(12);
const vector = (): Float32Array => Float32Array.from({ length: DIM }, () => draw() - 0.5);

beforeAll(async () => {
  const items = Float32Array.from({ length: ITEMS * DIM }, () => draw() - 0.5);
  await writeNpy(path('items.npy'), items, [ITEMS, DIM]);
  const build = ['index', 'build', '--vectors', path('items.npy'), '--out', store, '--m', '8'];
  version = (await runJson(indexBuildSchema, build)).artifact.version;
});

/** The number of the change that made an item what it is, or where an item is deleted. */
type KeyState = number | 'deleted';

/** What each key was acknowledged to be, and the change that was under way when the server died. */
class Ledger {
  readonly #acknowledged = new Map<number, KeyState>();
  readonly #underWay = new Map<number, KeyState>();
  #next = 1;

  /** Changes keys without end, each lane its own keys, until the server dies. @returns how many were acknowledged */
  async write(target: string): Promise<number> {
    const client = new ItemClient(target, { deadlineMs: 5000 });
    let made = 0;
    const lane = async (place: number): Promise<void> => {
      for (let i = 0; ; i++) {
        const key = 10_000 + ((i * LANES + place) % KEYS);
        const n = this.#next++;
        const state = n % 5 === 0 ? 'deleted' : n;
        this.#underWay.set(key, state);
        try {
          if (state === 'deleted') await client.deleteItems([key]);
          else await client.upsertItems([{ id: key, vector: vector(), name: String(n) }]);
        } catch {
          return;
        }
        this.#underWay.delete(key);
        this.#acknowledged.set(key, state);
        made++;
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, place) => lane(place)));
    client.close();
    return made;
  }

  /** The keys that are neither what was acknowledged of them nor what the last change would have made them. */
  async wrong(target: string): Promise<number[]> {
    const client = new ItemClient(target);
    const keys = [...new Set([...this.#acknowledged.keys(), ...this.#underWay.keys()])];
    const states = keys.length === 0 ? [] : await client.getItems(keys);
    client.close();
    const wrong = keys.filter((key, i) => {
      const state = states[i];
      const found =
        state.kind === 'upserted' ? Number(state.item.name) : state.kind === 'deleted' ? 'deleted' : undefined;
      const isRight = found === this.#acknowledged.get(key) || found === this.#underWay.get(key);
      if (found !== undefined) this.#acknowledged.set(key, found);
      return !isRight;
    });
    this.#underWay.clear();
    return wrong;
  }
}

it.each([
  ['alone', []],
  ['with two workers', ['--workers', '2']],
])(
  `has every acknowledged change after kill -9 of the server ${isWhole ? `${kills} times` : 'at random moments'}, %s`,
  async (name, flags) => {
    const live = path(`live-${name}`);
    const ledger = new Ledger();
    let made = 0;
    for (let round = 0; round < kills / 2; round++) {
      const server = await Server.start(store, ['--live', live, ...flags]);
      await server.serves(version, flags.length === 0 ? 1 : 2);
      expect(await ledger.wrong(server.target)).toEqual([]);
      const writing = ledger.write(server.target);
      await setTimeout(draw() * 600);
      server.kill('SIGKILL');
      made += await writing;
      await server.stop();
    }
    const server = await Server.start(store, ['--live', live, ...flags]);
    await server.serves(version);
    expect(await ledger.wrong(server.target)).toEqual([]);
    expect((await server.stop()).code).toBe(0);
    expect(made).toBeGreaterThan(0);
  },
);

it('refuses a log that was cut short or has a bit changed, by the name of the file, and starts from a copy of it', async () => {
  const live = path('live-harmed');
  const server = await Server.start(store, ['--live', live]);
  await server.serves(version);
  const client = new ItemClient(server.target);
  for (let i = 0; i < 30; i++) await client.upsertItems([{ id: 20_000 + i, vector: vector() }]);
  client.close();
  await server.stop();
  for (let i = 0; i < harms; i++) {
    const copy = path('live-copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(live, copy, { recursive: true });
    const names = readdirSync(copy).toSorted();
    const file = join(copy, names[i % names.length]);
    const bytes = readFileSync(file);
    const at = Math.floor(draw() * bytes.length);
    if (i % 4 < 2) truncateSync(file, at);
    else {
      bytes[at] ^= 1 << Math.floor(draw() * 8);
      writeFileSync(file, bytes);
    }
    const ports = ['--port=0', '--admin-port=0', '--metrics-port=0'];
    const { code, stderr } = await runServer(['--artifacts', store, '--live', copy, ...ports]);
    expect(code).toBe(1);
    expect(stderr).toContain(file);
  }
  const again = await Server.start(store, ['--live', live]);
  await again.serves(version);
  expect((await again.stop()).code).toBe(0);
});
