import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExactIndex } from '@vector-recall/hnsw-index';
import { LiveStore } from '@vector-recall/live-index';
import { artifactFiles, writeNpy } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { publishSmallWorld } from '../testing/small-world';
import { VectorRecallService } from '../vector-recall-service';
import type { LiveRecallEvent, LiveRecallOptions } from './recall-events';

const DIM = 8;
const ITEMS = 60;
let root: string;
/** `[items, dim]`: not what the index was built of, so that its answers are partly wrong. */
const stored = new Float32Array(ITEMS * DIM);
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'recall-monitor-'));
  const random = new RandomStream(3, 'stored vectors');
  stored.forEach((_, i) => (stored[i] = random.normal()));
  await publishSmallWorld(join(root, 'store'), {
    harm: (folder) => writeNpy(join(folder, artifactFiles.itemVectors), stored, [ITEMS, DIM]),
  });
});

afterEach(async () => {
  for (const each of closing.splice(0).toReversed()) await each.close();
});

afterAll(() => rm(root, { recursive: true }));

interface Watched {
  readonly service: VectorRecallService;
  readonly events: LiveRecallEvent[];
  /** Resolves when there are so many events. */
  readonly heard: (count: number) => Promise<void>;
}

async function watched(options: Partial<LiveRecallOptions> = {}, live?: LiveStore): Promise<Watched> {
  const events: LiveRecallEvent[] = [];
  const service = await VectorRecallService.fromArtifact(join(root, 'store'), {
    searchThreads: 1,
    live: live && { source: live },
    liveRecall: { every: 1, onEvent: (event) => events.push(event), ...options },
  });
  closing.push(service);
  const heard = async (count: number): Promise<void> => {
    while (events.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { service, events, heard };
}

/** The share of the true nearest `depth` among the first ids of an answer. */
function recallOf(
  items: ReadonlyMap<string, Float32Array>,
  query: Float32Array,
  found: readonly (number | string)[],
  depth: number,
): number {
  const ids = [...items.keys()];
  const matrix = Float32Array.from([...items.values()].flatMap((vector) => [...vector]));
  const truth = new ExactIndex(matrix, DIM).search(query, depth);
  const wanted = new Set<number | string>(Array.from(truth.labels, (label) => ids[label]));
  return found.slice(0, depth).filter((id) => wanted.has(id)).length / wanted.size;
}

const rowOf = (vectors: Float32Array, row: number): Float32Array => vectors.slice(row * DIM, (row + 1) * DIM);

it('compares what was found with all items that a query allows, changed ones and stored ones', async () => {
  const live = await LiveStore.open(join(root, 'live'));
  closing.push(live);
  const { service, events, heard } = await watched({}, live);
  const query = rowOf(stored, 20);
  const fresh = query.map((value, d) => value + (d % 2) * 0.1);
  await service.live?.write([
    { kind: 'upsert-item', item: { id: 'new', vector: fresh, attributes: { price: 5 } } },
    { kind: 'upsert-item', item: { id: 'dear', vector: fresh, attributes: { price: 900 } } },
    { kind: 'upsert-item', item: { id: 'i3', vector: fresh.map((value) => -value), attributes: { price: 3 } } },
    { kind: 'delete-item', id: 'i4' },
  ]);
  const request = { queryVector: query, topK: 20, excludeItemIds: ['i5'], filter: 'price < 40' };
  const { itemIds } = await service.recall(request);
  expect(itemIds).toHaveLength(20);

  const allowed = new Map<string, Float32Array>([['new', fresh]]);
  for (let row = 0; row < 40; row++) if (row !== 4 && row !== 5) allowed.set(`i${row}`, rowOf(stored, row));
  allowed.set(
    'i3',
    fresh.map((value) => -value),
  );
  const [all, ten] = [20, 10].map((depth) => recallOf(allowed, query, itemIds, depth));
  await heard(1);
  expect(events).toEqual([
    {
      type: 'checked',
      recalls: [
        { depth: 'all', recall: all },
        { depth: 10, recall: ten },
      ],
    },
  ]);
  expect(all).toBeLessThan(1);
  expect(all).toBeGreaterThan(0);
});

it('picks searches at random, and none of those that warm a model up', async () => {
  const draws = [0.09, 0.5, 0.0999, 0.1];
  const { service, events, heard } = await watched({ every: 10, random: () => draws.shift() ?? 1 });
  await service.warm();
  expect(draws).toHaveLength(4);
  for (let row = 0; row < 4; row++) await service.recall({ queryVector: rowOf(stored, row), topK: 5 });
  await heard(2);
  await service.close();
  expect(events.map(({ type }) => type)).toEqual(['checked', 'checked']);
});

it('says how many it dropped because others waited', async () => {
  const { service, events, heard } = await watched();
  const requests = Array.from({ length: 20 }, (_, row) => ({ queryVector: rowOf(stored, row), topK: 5 }));
  await service.batchRecall(requests);
  await heard(20);
  expect(events.filter(({ type }) => type === 'dropped')).toHaveLength(16);
  expect(events.filter(({ type }) => type === 'checked')).toHaveLength(4);
});

it('judges nothing where no item is allowed', async () => {
  const { service, events, heard } = await watched();
  const queryVector = rowOf(stored, 0);
  await service.recall({ queryVector, topK: 5, filter: 'price < 0' });
  const { itemIds } = await service.recall({ queryVector, topK: ITEMS });
  await heard(1);
  // Checks come in the order of the searches, so this is the second one's, which found all there is.
  const all = new Map(Array.from({ length: ITEMS }, (_, row) => [`i${row}`, rowOf(stored, row)]));
  expect(events).toEqual([
    {
      type: 'checked',
      recalls: [
        { depth: 'all', recall: 1 },
        { depth: 10, recall: recallOf(all, queryVector, itemIds, 10) },
      ],
    },
  ]);
});
