import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EngineIndex } from '@vector-recall/hnsw-index';
import { RandomStream } from '@vector-recall/random';

/**
 * How many bytes of a search stay in V8's old generation until the whole heap is collected: what is kept there by mistake
 * stops the event loop of a server later. 0 to 10 is right; a `Map` of the searches under way came to 273.
 */
const DIM = 24;
const SIZE = 2000;
const SEARCHES = 1000;
const SIDE_BY_SIDE = 4;

async function main(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const oldBytes = (): number =>
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;
  const random = new RandomStream(1, 'vectors');
  const vectors = Float32Array.from({ length: SIZE * DIM }, () => random.normal());
  const config = { m: 12, efConstruction: 60, efSearch: 40 };
  const index = await EngineIndex.build(vectors, DIM, { config, space: 'cosine', seed: 3, threads: 2 });
  const searchOnAndOn = async (collectEach: number): Promise<void> => {
    for (let round = 1; round <= SEARCHES; round++) {
      const at = (round % 100) * DIM;
      await index.searchMany([{ vector: vectors.slice(at, at + DIM), k: 200 }]);
      if (round % collectEach === 0) collect({ type: 'minor' });
    }
  };
  // They overlap, as those of a server do: every collection meets some under way. It comes once in a hundred searches,
  // for those that it meets to weigh nothing.
  const searchSideBySide = () =>
    Promise.all(Array.from({ length: SIDE_BY_SIDE }, (_, i) => searchOnAndOn(i === 0 ? 25 : Infinity)));
  await searchSideBySide();
  const searches = searchSideBySide();
  collect();
  const before = oldBytes();
  await searches;
  const bytes = (oldBytes() - before) / (SIDE_BY_SIDE * SEARCHES);
  process.stdout.write(`Bytes of a search that only a full collection frees: ${bytes.toFixed(1)}\n`);
  await index.close();
}

void main();
