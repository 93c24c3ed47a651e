import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Thread } from '@vector-recall/threads';
import type { BusyRequest } from '../testing/busy-engine-thread';
import { clusteredVectors } from '../testing/clustered-vectors';
import { EngineIndex } from './engine-index';

const DIM = 24;
const config = { m: 12, efConstruction: 100, efSearch: 60 };
const vectors = clusteredVectors(3000, DIM, 1);

let folder: string;
let file: string;
let index: EngineIndex;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ending-threads-'));
  file = join(folder, 'index.engine');
  index = await EngineIndex.build(vectors, DIM, { config, seed: 1, threads: 2 });
  await index.save(file);
});
afterAll(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

const startThread = () => new Thread<BusyRequest, string>(join(__dirname, '../testing/busy-engine-thread'));

/** What the threads of an index of ours do meanwhile. */
const search = async (): Promise<number> => {
  const [{ labels }] = await index.searchMany([{ vector: vectors.subarray(0, DIM), k: 10 }]);
  return labels[0];
};

// Threads start slowly on a machine that is busy.
// A thread of Node that ends takes its arrays with it: the engine's own threads must have left them by then.
describe.each(['searching', 'opening', 'building'] as const)('a thread that ends while the engine is %s', (work) => {
  it.each([0, 5])('does no harm to the process when it is ended after %i ms', async (ms) => {
    const threads = [startThread(), startThread()];
    expect(await Promise.all(threads.map((thread) => thread.call({ file, work })))).toEqual([work, work]);
    await setTimeout(ms);
    await Promise.all(threads.map((thread) => thread.end()));
    expect(await search()).toBe(0);
  });

  it('does no harm to the process when it ends by itself', async () => {
    const thread = startThread();
    await expect(thread.call({ file, work, exits: true })).rejects.toMatchObject({ code: 'THREAD_ENDED' });
    expect(await search()).toBe(0);
  });
});
