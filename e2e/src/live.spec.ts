import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelStore, writeNpy } from '@vector-recall/model-store';
import { ItemClient, RecallClient } from '@vector-recall/recall-grpc';
import { z } from 'zod';
import { run, runJson, temporaryFolder } from './cli';
import { indexBuildSchema } from './contract';
import { runServer, Server } from './server';

const DIM = 16;
const ITEMS = 500;

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const store = path('store');

/** Uniform draws in (0, 1), by the generator of Park and Miller. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function vectors(rows: number, seed: number): Float32Array {
  const draw = uniform(seed);
  return Float32Array.from({ length: rows * DIM }, () => draw() - 0.5);
}

/** Two versions of other vectors of the same items; the first is promoted before each test. */
const versions: string[] = [];

beforeAll(async () => {
  for (const seed of [1, 2]) {
    await writeNpy(path(`items-${seed}.npy`), vectors(ITEMS, seed), [ITEMS, DIM]);
    const build = ['index', 'build', '--vectors', path(`items-${seed}.npy`), '--out', store, '--m', '8'];
    versions.push((await runJson(indexBuildSchema, build)).artifact.version);
  }
});

const clients: { close(): void }[] = [];

beforeEach(async () => {
  await new ModelStore(store).promote(versions[0]);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function clientsOf({ target }: Server): { items: ItemClient; recall: RecallClient } {
  const made = { items: new ItemClient(target), recall: new RecallClient(target) };
  clients.push(made.items, made.recall);
  return made;
}

const answerSchema = z.object({ applied: z.int(), repeated: z.int() });
const copySchema = z.object({ items: z.int(), seq: z.int() });
const getSchema = z.array(z.looseObject({ id: z.int(), kind: z.string() }));

it('takes items from the command line, and has them after a restart, a promotion, a backup and a restore', async () => {
  const live = path('live');
  const flags = ['--live', live];
  const first = await Server.start(store, flags);
  await first.serves(versions[0]);
  const vector = Array.from(vectors(1, 9));
  const lines = [0, 1, 2].map((i) => JSON.stringify({ id: 1000 + i, vector, name: `Fresh ${i}` }));
  writeFileSync(path('items.jsonl'), `${lines.join('\n')}\n\n`);
  const upsert = ['items', 'upsert', '--file', path('items.jsonl'), '--change-id', 'morning', '--target', first.target];
  expect(await runJson(answerSchema, upsert)).toEqual({ applied: 3, repeated: 0 });
  expect(await runJson(answerSchema, upsert)).toEqual({ applied: 0, repeated: 3 });
  const remove = ['items', 'delete', '1001', '7', '--target', first.target];
  expect(await runJson(answerSchema, remove)).toEqual({ applied: 2, repeated: 0 });
  const get = ['items', 'get', '1000', '1001', '8', '--target', first.target];
  expect((await runJson(getSchema, get)).map(({ kind }) => kind)).toEqual(['upserted', 'deleted', 'unchanged']);

  const expectLive = async (server: Server): Promise<void> => {
    const { itemIds } = await clientsOf(server).recall.recall({ queryVector: vector, topK: ITEMS + 10 });
    expect(itemIds).toHaveLength(ITEMS + 1);
    expect([...itemIds.slice(0, 2)].toSorted()).toEqual([1000, 1002]);
    expect(itemIds).not.toContain(7);
  };
  await expectLive(first);
  await new ModelStore(store).promote(versions[1]);
  await first.serves(versions[1]);
  await expectLive(first);
  const backup = ['live', 'backup', '--live', live, '--to', path('backup')];
  expect(await runJson(copySchema, backup)).toEqual(expect.objectContaining({ items: 4, seq: 5 }));

  const second = await runServer(['--artifacts', store, '--port=0', '--metrics-port=0', '--admin-port=0', ...flags]);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/live is being written by process \d+; stop it first/);
  expect((await first.stop()).code).toBe(0);

  expect(await runJson(copySchema, ['live', 'restore', '--from', path('backup'), '--live', path('restored')])).toEqual(
    expect.objectContaining({ items: 4, seq: 5 }),
  );
  for (const changes of [live, path('restored')]) {
    const again = await Server.start(store, ['--live', changes]);
    await again.serves(versions[1]);
    await expectLive(again);
    expect((await again.stop()).code).toBe(0);
  }
});

it('shows a change to all workers once it is acknowledged, also to one that takes the place of another', async () => {
  const server = await Server.start(store, ['--live', path('live-workers'), '--workers', '2']);
  await server.serves(versions[0], 2);
  const vector = vectors(1, 11);
  // Each connection is another worker's turn.
  const readers = Array.from({ length: 6 }, () => clientsOf(server).recall);
  const { items } = clientsOf(server);
  for (let i = 0; i < 20; i++) {
    await items.upsertItems([{ id: 2000 + i, vector: vector.map((value, d) => value + i * 1e-3 * ((d % 3) - 1)) }]);
    const counts = await Promise.all(readers.map((reader) => reader.modelInfo().then(({ itemCount }) => itemCount)));
    expect(counts).toEqual(readers.map(() => ITEMS + 1 + i));
  }
  const pids = new Set(server.log.filter(({ msg }) => msg === 'Serving a version.').map(({ pid }) => pid));
  expect(pids.size).toBe(2);
  process.kill([...pids][0], 'SIGKILL');
  await server.serves(versions[0], 3);
  const after = Array.from({ length: 4 }, () => clientsOf(server));
  await after[0].items.deleteItems([2000]);
  for (const { recall } of after) expect((await recall.modelInfo()).itemCount).toBe(ITEMS + 19);
  expect((await server.stop()).code).toBe(0);
});

it('hides items by standing rules on all workers, on one that takes the place of another, and after a restart', async () => {
  const flags = ['--standing', path('standing.json'), '--workers', '2'];
  const first = await Server.start(store, flags);
  await first.serves(versions[0], 2);
  const shown = async (server: Server): Promise<number[]> => {
    // Each connection is another worker's turn.
    const readers = Array.from({ length: 4 }, () => clientsOf(server).recall);
    const query = { queryVector: Array.from(vectors(1, 9)), topK: ITEMS };
    const answers = await Promise.all(readers.map((reader) => reader.recall(query)));
    for (const { itemIds } of answers) expect(itemIds).not.toContain(7);
    return answers.map(({ itemIds }) => itemIds.length);
  };
  const standingSchema = z.object({ deniedItemIds: z.array(z.string()) });
  const admin = ['--target', `127.0.0.1:${first.ports.admin}`];
  await runJson(standingSchema, ['standing', 'set', '--deny', '7,8,9', ...admin]);
  expect(await shown(first)).toEqual([ITEMS - 3, ITEMS - 3, ITEMS - 3, ITEMS - 3]);
  const pids = new Set(first.log.filter(({ msg }) => msg === 'Serving a version.').map(({ pid }) => pid));
  process.kill([...pids][0], 'SIGKILL');
  await first.serves(versions[0], 3);
  expect(await shown(first)).toEqual([ITEMS - 3, ITEMS - 3, ITEMS - 3, ITEMS - 3]);
  await runJson(standingSchema, ['standing', 'set', '--deny', '7', ...admin]);
  expect(await shown(first)).toEqual([ITEMS - 1, ITEMS - 1, ITEMS - 1, ITEMS - 1]);
  expect((await first.page('/metrics')).text).toContain('vector_recall_standing_denied_items 1');
  expect((await run(['standing', 'set', '--filter', 'price < 5', ...admin])).stderr).toContain('There is no attribute');
  expect((await first.stop()).code).toBe(0);
  const again = await Server.start(store, flags);
  await again.serves(versions[0], 2);
  expect(await shown(again)).toEqual([ITEMS - 1, ITEMS - 1, ITEMS - 1, ITEMS - 1]);
  expect((await again.stop()).code).toBe(0);
  writeFileSync(path('standing.json'), '{}');
  const damaged = await runServer(['--artifacts', store, '--port=0', '--metrics-port=0', '--admin-port=0', ...flags]);
  expect(damaged.stderr).toContain('standing.json is damaged; bring back a copy, or remove the file');
});

it('tells what stands in a file that is wrong, and changes nothing', async () => {
  writeFileSync(path('wrong.jsonl'), '{"id": 1}\n{"id": 2, "vektor": []}\n');
  const server = await Server.start(store, ['--live', path('live-wrong')]);
  await server.serves(versions[0]);
  const { code, stderr } = await run(['items', 'upsert', '--file', path('wrong.jsonl'), '--target', server.target]);
  expect(code).toBe(1);
  expect(stderr).toContain('wrong.jsonl, line 2: Unrecognized key: "vektor".');
  expect((await server.stop()).code).toBe(0);
  mkdirSync(path('empty'));
  const backup = await run(['live', 'backup', '--live', path('empty'), '--to', path('never')]);
  expect(backup.stderr).toContain('holds no log of changes');
  expect(existsSync(path('never'))).toBe(false);
});
