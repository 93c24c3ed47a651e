import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelStore } from '@vector-recall/model-store';
import { publishSmallVectors } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';
import type { ModelEvent } from './model-events';
import { ModelHost, type ModelHostOptions } from './model-host';

let root: string;
let store: ModelStore;
let first: string;
let second: string;
let events: ModelEvent[];
const hosts: ModelHost[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hung-loads-'));
  store = new ModelStore(root);
  first = (await publishSmallVectors(root)).version;
  second = (await publishSmallVectors(root)).version;
});

beforeEach(async () => {
  events = [];
  await store.promote(first);
});

afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

afterAll(() => rm(root, { recursive: true }));

type Load = NonNullable<ModelHostOptions['load']>;

const load: Load = (folder, options) => VectorRecallService.fromArtifact(folder, options);

/** Ends only when it is told to. */
function hanging(): { load: Load; signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  const never: Load = (_, { signal }) => {
    if (signal !== undefined) signals.push(signal);
    return new Promise(() => undefined);
  };
  return { load: never, signals };
}

function hostOf(options: ModelHostOptions): ModelHost {
  const host = new ModelHost(root, {
    pollMs: 20,
    service: { searchThreads: 1 },
    onEvent: (event) => events.push(event),
    ...options,
  });
  hosts.push(host);
  return host;
}

const refusals = () => events.filter((event) => event.type === 'refused');

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === 4000) throw new Error(`It did not come to ${condition.toString()}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const shortage = (): Error =>
  new Error('The folder cannot be read.', { cause: Object.assign(new Error('too many'), { code: 'EMFILE' }) });

describe('a load that hangs', () => {
  it('is given up after a time, told to end, and tried again', async () => {
    const { load: never, signals } = hanging();
    const ready = await load(await store.locate(first), { searchThreads: 1 });
    let tries = 0;
    const host = hostOf({
      loadTimeoutMs: 50,
      load: (...call) => (++tries === 1 ? never(...call) : Promise.resolve(ready)),
    });
    await host.start();
    expect(refusals()).toMatchObject([
      {
        version: first,
        retryMs: 1000,
        error: {
          code: 'RECALL_MODEL_REFUSED',
          message: `The version ${first} was refused: The version ${first} could not be read within 50 ms; see whether its file system answers. No version is in use.`,
        },
      },
    ]);
    expect([signals.map(({ aborted }) => aborted), host.hangs]).toEqual([[true], true]);
    await until(() => host.version === first);
  });

  it('is given up as soon as something else is promoted', async () => {
    const { load: never } = hanging();
    const host = hostOf({ load: (folder, options) => (folder.includes(first) ? never : load)(folder, options) });
    const started = host.start();
    await until(() => events.some(({ type }) => type === 'loading'));
    await store.promote(second);
    await until(() => host.version === second);
    await started;
    expect(refusals()).toMatchObject([{ version: first, retryMs: undefined }]);
  });

  it('keeps no host from closing', async () => {
    const { load: never, signals } = hanging();
    const host = hostOf({ load: never });
    const started = host.start();
    await until(() => signals.length === 1);
    await host.close();
    await started;
    expect([signals[0].aborted, host.hangs, refusals()]).toEqual([true, true, []]);
  });

  it('that ends after all leaves no model open', async () => {
    const services: VectorRecallService[] = [];
    let letGo: () => void = () => undefined;
    let tries = 0;
    const host = hostOf({
      loadTimeoutMs: 10,
      load: async (folder, options) => {
        if (++tries > 1) throw new Error('It is torn.');
        await new Promise<void>((resolve) => (letGo = resolve));
        const service = await load(folder, { ...options, signal: undefined });
        services.push(service);
        return service;
      },
    });
    await host.start();
    letGo();
    await until(() => services.length === 1 && !host.hangs);
    await expect(services[0].recall({ topK: 1 })).rejects.toMatchObject({ code: 'RECALL_SERVICE_CLOSED' });
  });
});

describe('a version that cannot be loaded', () => {
  it('for a shortage that passes is tried again', async () => {
    let tries = 0;
    const host = hostOf({
      load: (...call) => (++tries === 1 ? Promise.reject(shortage()) : load(...call)),
    });
    await host.start();
    expect(refusals()).toMatchObject([{ version: first, retryMs: 1000 }]);
    await until(() => host.version === first);
    expect(tries).toBe(2);
  });

  it('for any other reason is not', async () => {
    const host = hostOf({ load: () => Promise.reject(new Error('It is torn.')) });
    await host.start();
    expect(refusals()).toMatchObject([{ version: first, retryMs: undefined }]);
  });
});
