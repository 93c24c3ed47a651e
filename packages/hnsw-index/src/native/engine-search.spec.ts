import { clusteredVectors, createRandom } from '../testing/clustered-vectors';
import type { SearchResult } from '../vector-index';
import { EngineIndex } from './engine-index';
import type { EngineQuery } from './engine-search';

const DIM = 24;
const SIZE = 2000;
const vectors = clusteredVectors(SIZE, DIM, 1);
const queries = clusteredVectors(100, DIM, 2);
const config = { m: 12, efConstruction: 60, efSearch: 40 };
const query = (i: number): Float32Array => queries.slice(i * DIM, (i + 1) * DIM);

// Its threads yield to all others, so on a machine that is busy they may wait for seconds.
describe('searches on the threads of the engine', () => {
  let index: EngineIndex;
  beforeAll(async () => {
    index = await EngineIndex.build(vectors, DIM, { config, space: 'cosine', seed: 3, threads: 2 });
  });
  afterAll(() => index.close());

  it.each([1, 3])('leave the arrays of %i queries to their owner as soon as they have begun', async (count) => {
    const make = (): EngineQuery[] =>
      Array.from({ length: count }, (_, i) => ({ vector: query(i), k: 30, exclude: Int32Array.of(7, 40 + i) }));
    const found = await index.searchMany(make());
    const changed = make();
    const search = index.searchMany(changed);
    for (const { vector, exclude } of changed) {
      vector.fill(0.5);
      exclude?.fill(0);
    }
    expect(await search).toEqual(found);
  });

  it('take vectors and rows that threads share', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(DIM * 4));
    shared.set(query(5));
    const exclude = new Int32Array(new SharedArrayBuffer(4));
    exclude.set((await index.searchMany([{ vector: query(5), k: 1 }]))[0].labels);
    const own: EngineQuery = { vector: query(5), k: 20, exclude: Int32Array.from(exclude) };
    expect(await index.searchMany([{ vector: shared, k: 20, exclude }])).toEqual(await index.searchMany([own]));
  });

  it('do not begin where the signal cannot be listened to', async () => {
    const broken = new AbortController().signal;
    Object.defineProperty(broken, 'addEventListener', {
      value: () => {
        throw new Error('deaf');
      },
    });
    await expect(index.searchMany([{ vector: query(0), k: 5 }], broken)).rejects.toThrow('deaf');
    expect(index.queueLength).toBe(0);
    await expect(index.searchMany([{ vector: query(0), k: 5 }])).resolves.toHaveLength(1);
  });

  it('end, every one of thousands at once of which some are cancelled, with their own results', async () => {
    const random = createRandom(1);
    const truth = await Promise.all(
      Array.from({ length: 100 }, (_, i) => index.searchMany([{ vector: query(i), k: 1 + i }])),
    );
    const reason = new Error('no more');
    let cancelled = 0;
    const one = async (): Promise<void> => {
      const first = Math.floor(random() * 100);
      const count = Math.floor(random() * 4) + 1;
      const rows = Array.from({ length: count }, (_, i) => (first + i) % 100);
      const controller = new AbortController();
      const search = index.searchMany(
        rows.map((row) => ({ vector: query(row), k: 1 + row })),
        controller.signal,
      );
      if (random() < 0.3)
        setImmediate(() => {
          controller.abort(reason);
        });
      const found = await search.catch((error: unknown) => error);
      if (found === reason) cancelled++;
      else expect(found).toEqual(rows.flatMap((row): SearchResult[] => truth[row]));
    };
    for (let wave = 0; wave < 10; wave++) await Promise.all(Array.from({ length: 300 }, one));
    expect(cancelled).toBeGreaterThan(0);
    expect(index.queueLength).toBe(0);
  });
});
