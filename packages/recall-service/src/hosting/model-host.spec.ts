import { appendFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelStore } from '@vector-recall/model-store';
import { publishSmallWorld } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';
import type { ModelEvent } from './model-events';
import { ModelHost, type ModelHostOptions } from './model-host';

let root: string;
let store: ModelStore;
/** Two versions that answer differently; the second is current. */
let first: string;
let second: string;

/** One thread a model: starting it is most of a load here. */
const quick: ModelHostOptions = { pollMs: 20, service: { searchThreads: 1 } };

const hosts: ModelHost[] = [];
let events: ModelEvent[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-host-'));
  store = new ModelStore(root);
  first = (await publishSmallWorld(root)).version;
  second = (await publishSmallWorld(root, { config: { idDim: 5 } })).version;
});

beforeEach(async () => {
  events = [];
  await store.promote(first);
});

afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

afterAll(() => rm(root, { recursive: true }));

function hostOf(path: string, options: ModelHostOptions = {}): ModelHost {
  const host = new ModelHost(path, { ...quick, onEvent: (event) => events.push(event), ...options });
  hosts.push(host);
  return host;
}

async function started(options?: ModelHostOptions): Promise<ModelHost> {
  const host = hostOf(root, options);
  await host.start();
  return host;
}

const typesOf = (): string[] => events.map(({ type }) => type);
const countOf = (type: ModelEvent['type']): number => typesOf().filter((each) => each === type).length;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Gives up after 20 seconds, so that a test that fails ends. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === 4000) throw new Error(`It did not come to ${condition.toString()}.`);
    await pause(5);
  }
}

async function topFive(host: ModelHost): Promise<{ version: string; itemIds: readonly (number | string)[] }> {
  const lease = host.acquire();
  if (lease === undefined) throw new Error('no model');
  try {
    const { itemIds } = await lease.service.recall({ userId: 103, topK: 5 });
    return { version: lease.service.version, itemIds };
  } finally {
    lease.release();
  }
}

/** A version that was published, and is promoted, with a file that is of no use. */
async function publishBroken(): Promise<string> {
  const harm = (folder: string): Promise<void> => truncate(join(folder, 'users.npy'), 200);
  return (await publishSmallWorld(root, { harm })).version;
}

describe('following the store', () => {
  it('serves the promoted version', async () => {
    const host = await started();
    expect(host.version).toBe(first);
    expect((await topFive(host)).itemIds).toHaveLength(5);
    expect(typesOf()).toEqual(['loading', 'switched']);
  });

  it('switches to what is promoted later, and closes what served before', async () => {
    const host = await started();
    await store.promote(second);
    await until(() => countOf('retired') === 1);
    expect(host.version).toBe(second);
    expect(events.at(-2)).toMatchObject({ type: 'switched', version: second, previousVersion: first });
    expect(events.at(-1)).toEqual({ type: 'retired', version: first });
  });

  it('notices a promotion long before it would look by itself', async () => {
    const host = await started({ pollMs: 1_000_000 });
    await store.promote(second);
    await until(() => host.version === second);
    expect(countOf('switched')).toBe(2);
  });

  it('waits for a store that is not there yet', async () => {
    const later = await mkdtemp(join(tmpdir(), 'model-host-later-'));
    try {
      const host = hostOf(join(later, 'artifacts'));
      await host.start();
      expect(host.acquire()).toBeUndefined();
      expect(events).toEqual([{ type: 'waiting', root: join(later, 'artifacts'), isMissing: true }]);
      const { version } = await publishSmallWorld(join(later, 'artifacts'));
      await until(() => host.version !== undefined);
      expect(host.version).toBe(version);
      expect(countOf('waiting')).toBe(1);
    } finally {
      await rm(later, { recursive: true });
    }
  });

  it('serves the folder of one version as it is', async () => {
    const host = hostOf(join(root, 'versions', second));
    await host.start();
    expect(await host.versions()).toEqual([{ version: second, promoted: true, serving: true }]);
    expect(await host.reload()).toEqual({ version: second, previousVersion: second, loadMs: 0 });
    await expect(host.reload(first)).rejects.toThrow(
      `The version ${first} was refused: ${join(root, 'versions', second)} is the version ${second} and holds no ` +
        `${first}. The version ${second} goes on serving.`,
    );
  });
});

describe('a broken version', () => {
  it('is refused once with its reason while the one in use goes on serving', async () => {
    const host = await started();
    const broken = await publishBroken();
    await until(() => countOf('refused') === 1);
    await pause(200); // ten looks at the store
    expect(typesOf()).toEqual(['loading', 'switched', 'loading', 'refused']);
    expect(events.at(-1)).toMatchObject({
      version: broken,
      serving: first,
      error: { code: 'RECALL_MODEL_REFUSED', message: expect.stringContaining('users.npy') as string },
    });
    expect((await topFive(host)).version).toBe(first);

    await expect(host.reload()).rejects.toThrow('users.npy');
    await store.promote(second);
    await until(() => host.version === second);
    await rm(join(root, 'versions', broken), { recursive: true });
  });

  it('leaves a host with nothing to serve that has nothing else', async () => {
    const broken = await publishBroken();
    const host = await started();
    expect(host.acquire()).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'refused', version: broken, serving: undefined });
    await store.rollback();
    await until(() => host.version === first);
    await rm(join(root, 'versions', broken), { recursive: true });
  });

  it('is one that was changed after it was published', async () => {
    const host = await started();
    const { version } = await publishSmallWorld(root);
    await until(() => host.version === version);
    await store.promote(first);
    await until(() => host.version === first);
    await appendFile(join(root, 'versions', version, 'items.jsonl'), 'x');
    await expect(host.reload(version)).rejects.toThrow(/items\.jsonl has \d+ bytes, but the manifest says/);
    expect(host.version).toBe(first);
    await rm(join(root, 'versions', version), { recursive: true });
  });

  it('is a folder that has another version in it', async () => {
    const host = await started({ load: () => VectorRecallService.fromArtifact(join(root, 'versions', second)) });
    expect(host.version).toBeUndefined();
    expect(events.at(-1)).toMatchObject({
      error: {
        message:
          `The version ${first} was refused: Its folder holds the version ${second}; give the folder the name of ` +
          'its version. No version is in use.',
      },
    });
  });
});

describe('leases', () => {
  it('let a call finish on the version it began with', async () => {
    const host = await started();
    const lease = host.acquire();
    await host.reload(second);
    await pause(50);
    expect(countOf('retired')).toBe(0);
    expect(lease?.service.version).toBe(first);
    expect((await lease?.service.recall({ userId: 103, topK: 5 }))?.itemIds).toHaveLength(5);
    lease?.release();
    await until(() => countOf('retired') === 1);
    await expect(lease?.service.recall({ userId: 103, topK: 5 })).rejects.toThrow('is closed');
  });

  it('count once each, however often they are given back', async () => {
    const host = await started();
    const [one, other] = [host.acquire(), host.acquire()];
    one?.release();
    one?.release();
    await host.reload(second);
    await pause(50);
    expect(countOf('retired')).toBe(0);
    other?.release();
    await until(() => countOf('retired') === 1);
  });
});

describe('reload', () => {
  it('takes a version that is not promoted until something else is', async () => {
    const host = await started();
    expect(await host.reload(second)).toMatchObject({ version: second, previousVersion: first });
    await pause(100);
    expect(host.version).toBe(second);
    // In any order: both may have been published within one second.
    const versions = await host.versions();
    expect(versions).toHaveLength(2);
    expect(versions).toContainEqual({ version: second, promoted: false, serving: true });
    expect(versions).toContainEqual({ version: first, promoted: true, serving: false });
    expect((await host.reload()).version).toBe(first);
  });

  it('names the versions there are when asked for another', async () => {
    const host = await started();
    await expect(host.reload('../../etc')).rejects.toThrow(
      `The version ../../etc was refused: The store ${root} has no version ../../etc; it holds`,
    );
  });

  it('runs one at a time, and loads nothing twice', async () => {
    let loading = 0;
    const loads: number[] = [];
    const host = await started({
      load: async (folder) => {
        loads.push(++loading);
        const service = await VectorRecallService.fromArtifact(folder);
        loading--;
        return service;
      },
    });
    const reloads = await Promise.all([second, second, first, first, second].map((version) => host.reload(version)));
    expect(reloads.map(({ version }) => version)).toEqual([second, second, first, first, second]);
    expect(loads).toEqual([1, 1, 1, 1]); // the first at the start
  });

  it('20 times under calls fails none of them, and every answer is of one version', async () => {
    const host = await started();
    const expected = new Map<string, readonly (number | string)[]>();
    for (const version of [second, first]) {
      await host.reload(version);
      expected.set(version, (await topFive(host)).itemIds);
    }
    expect(expected.get(first)).not.toEqual(expected.get(second));

    let swapping = true;
    let answers = 0;
    const call = async (): Promise<void> => {
      while (swapping) {
        const { version, itemIds } = await topFive(host);
        expect(itemIds).toEqual(expected.get(version));
        answers++;
        await pause(1);
      }
    };
    const callers = Promise.all(Array.from({ length: 8 }, call));
    for (let swap = 0; swap < 20; swap++) await host.reload(swap % 2 === 0 ? second : first);
    swapping = false;
    await callers;
    expect(answers).toBeGreaterThan(20);
    await until(() => countOf('retired') === 22);
  });
});

describe('closing', () => {
  it('waits for the last lease', async () => {
    const host = await started();
    const lease = host.acquire();
    const closed = host.close();
    expect(host.acquire()).toBeUndefined();
    await pause(30);
    expect(countOf('retired')).toBe(0);
    lease?.release();
    await closed;
    expect(countOf('retired')).toBe(1);
    await expect(host.reload()).rejects.toThrow('shutting down');
  });

  it('closes a model whose load had begun', async () => {
    const services: VectorRecallService[] = [];
    const host = await started({
      load: async (folder) => {
        const service = await VectorRecallService.fromArtifact(folder);
        services.push(service);
        return service;
      },
    });
    const reloading = host.reload(second);
    await until(() => countOf('loading') === 2);
    await Promise.all([host.close(), expect(reloading).rejects.toThrow('shutting down')]);
    expect(services).toHaveLength(2);
    await expect(services[1].recall({ topK: 1 })).rejects.toThrow('is closed');
  });
});
