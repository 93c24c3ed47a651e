import type { HierarchicalNSW } from 'hnswlib-node';
import { totalmem } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { HnswConfig } from '@vector-recall/core-config';
import { IndexArgumentError } from '../errors';
import { checkEf, checkMatrix, checkSpace } from '../validate';
import type { Space } from '../vector-index';
import { createGraph } from './engine';
import { estimateMemoryBytes } from './graph-layout';
import { writePoint } from './point';

export interface BuildOptions {
  readonly config: Pick<HnswConfig, 'm' | 'efConstruction' | 'efSearch'>;
  /** Default `cosine`. */
  readonly space?: Space;
  /** 0 to 2^32 - 1: draws the layers. The same vectors, options and seed give the same graph. */
  readonly seed: number;
  /** Told several times a second, and once when all is done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the build within a slice; the promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** How long the build keeps the event loop before it lets others in. */
const SLICE_MS = 20;

/** @param vectors `[size, dim]` */
export async function buildGraph(vectors: Float32Array, dim: number, options: BuildOptions): Promise<HierarchicalNSW> {
  const { config, space = 'cosine', seed, onProgress, signal } = options;
  signal?.throwIfAborted();
  checkSpace(space);
  const count = checkMatrix('vectors', vectors, dim, space);
  checkGraphOptions(config, seed);
  checkMemory(count, dim, config.m);

  const graph = await createGraph(space, dim);
  graph.initIndex({ maxElements: count, m: config.m, efConstruction: config.efConstruction, randomSeed: seed });
  const point = new Array<number>(dim).fill(0);
  let sliceEnd = performance.now() + SLICE_MS;
  for (let row = 0; row < count; row++) {
    writePoint(point, vectors, row * dim, space);
    graph.addPoint(point, row);
    if (performance.now() >= sliceEnd) {
      onProgress?.(row + 1, count);
      await setImmediate();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  onProgress?.(count, count);
  return graph;
}

export function checkGraphOptions({ m, efConstruction, efSearch }: BuildOptions['config'], seed: number): void {
  if (!Number.isInteger(m) || m < 2 || m > 10_000) {
    throw new IndexArgumentError('m', `m is ${m}, but it must be an integer from 2 to 10000.`);
  }
  checkEf('efConstruction', efConstruction, 1);
  checkEf('efSearch', efSearch, 1);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new IndexArgumentError('seed', `The seed is ${seed}, but it must be an integer from 0 to 4294967295.`);
  }
}

/**
 * hnswlib ends the process when it can't allocate the graph, so that is refused here.
 *
 * @param beside bytes that are needed for a vector while the graph is built
 */
export function checkMemory(count: number, dim: number, m: number, beside = 0): void {
  const needed = estimateMemoryBytes({ count, dim, m }) + count * beside;
  if (needed > totalmem()) {
    throw new IndexArgumentError(
      'vectors',
      `The graph of ${count} vectors needs about ${gigabytes(needed)} GB, but the machine has ${gigabytes(totalmem())} GB; ` +
        'index fewer vectors, or lower m or the dimension.',
    );
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
