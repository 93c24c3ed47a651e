import { answerCalls, type Answer } from '@vector-recall/threads';
import { EngineIndex } from '../native/engine-index';

/** What a thread shall be in the midst of when it ends. */
export interface BusyRequest {
  /** A serving file. */
  readonly file: string;
  readonly work: 'opening' | 'searching' | 'building';
  /** Whether it ends by itself, right after it has begun. */
  readonly exits?: boolean;
}

/** Answers as soon as the work has begun, and lets it go on. */
answerCalls(async ({ file, work, exits }: BusyRequest): Promise<Answer<string>> => {
  if (work === 'opening') forget(EngineIndex.open(file, { threads: 2 }));
  if (work === 'searching') await searchOn(file);
  if (work === 'building') forget(EngineIndex.build(sines(3000, 24), 24, { config, seed: 1, threads: 2 }));
  if (exits === true) process.exit();
  return { response: work };
});

const config = { m: 12, efConstruction: 100, efSearch: 50 };

async function searchOn(file: string): Promise<void> {
  const index = await EngineIndex.open(file, { threads: 2 });
  const query = { vector: sines(1, index.dim), k: index.size, efSearch: index.size };
  for (let call = 0; call < 5; call++) forget(index.searchMany(Array.from({ length: 2000 }, () => query)));
}

/** Nobody waits for what the thread does not live to see. */
function forget(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

function sines(rows: number, dim: number): Float32Array {
  return Float32Array.from({ length: rows * dim }, (_, i) => Math.sin(1 + i * i));
}
