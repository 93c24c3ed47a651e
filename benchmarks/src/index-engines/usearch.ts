import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readMatrix, rowsOf, type Matrix } from './matrix';
import type { EngineJob } from './measurement';
import type { Searchable } from './sweep';

/** What is called of the package, which says that it wants Node 22 and so is not among the dependencies. */
interface Usearch {
  readonly Index: new (config: Readonly<Record<string, unknown>>) => UsearchIndex;
}
interface UsearchIndex {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  search(vectors: Float32Array, k: number, threads: number): { readonly keys: BigUint64Array };
  save(file: string): void;
  load(file: string): void;
}

const load = createRequire(__filename);

/** Whether `npm install --no-save usearch` was run. */
export function hasUsearch(): boolean {
  try {
    load.resolve('usearch');
    return true;
  } catch {
    return false;
  }
}

function isUsearch(value: unknown): value is Usearch {
  return typeof value === 'object' && value !== null && 'Index' in value;
}

/** usearch with float32 vectors, on all threads. Its setting is `expansion_search`. */
export async function openUsearch(job: EngineJob, queries: Matrix): Promise<Searchable> {
  const library: unknown = load('usearch');
  if (!isUsearch(library)) throw new Error('The usearch that is installed has no Index; install usearch 2.26.');
  const { Index } = library;
  const create = (expansionSearch: number): UsearchIndex =>
    new Index({
      dimensions: queries.dim,
      metric: 'cos',
      quantization: 'f32',
      connectivity: job.m,
      expansion_add: job.efConstruction,
      expansion_search: expansionSearch,
      multi: false,
    });
  const file = join(job.folder, `usearch-m${job.m}-ef${job.efConstruction}.bin`);
  const { values, rows } = await readMatrix(job.vectors);
  let buildSeconds: number | null = null;
  if (!existsSync(file)) {
    const built = create(job.k);
    const start = performance.now();
    built.add(
      BigUint64Array.from({ length: rows }, (_, row) => BigInt(row)),
      values,
      0,
    );
    buildSeconds = (performance.now() - start) / 1000;
    built.save(file);
  }
  const vectors = rowsOf(queries);
  let index = create(job.k);
  return {
    buildSeconds,
    bytesPerVector: statSync(file).size / rows,
    use: (expansionSearch) => {
      index = create(expansionSearch);
      index.load(file);
    },
    one: (row) => index.search(vectors[row], job.k, 1).keys,
    all: () => {
      const { keys } = index.search(queries.values, job.k, 0);
      return vectors.map((_, row) => keys.subarray(row * job.k, (row + 1) * job.k));
    },
    close: () => undefined,
  };
}
