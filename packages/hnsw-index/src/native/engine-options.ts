import { availableParallelism } from 'node:os';
import { IndexArgumentError } from '../errors';
import type { Space } from '../vector-index';

/** How the addon numbers spaces. */
const spaces = ['cosine', 'ip', 'l2'] as const satisfies readonly Space[];

export function spaceNumber(space: Space): number {
  return spaces.indexOf(space);
}

export function spaceName(number: number): Space {
  return spaces[number];
}

/**
 * What rows are compared by, from the least memory and time to the most: `codes` of a byte per dimension; `refined` codes,
 * of which the best that are found are scored once more with a second byte; `wide`, the same of all that is found, by
 * queries of 16 bits; `float32`, the vectors themselves.
 */
export const precisions = ['codes', 'refined', 'wide', 'float32'] as const;
export type Precision = (typeof precisions)[number];

/**
 * Where the bytes of an index lie: in memory of this process; in a mapped file; or in sealed memory that several processes
 * map and none can change.
 */
export const memories = ['copied', 'mapped', 'shared'] as const;
export type IndexMemory = (typeof memories)[number];

/** How the addon numbers what becomes of float32 vectors. */
const keeping = ['auto', 'kept', 'dropped'] as const;
export type KeepFloat32 = (typeof keeping)[number];

export function keepingNumber(float32: KeepFloat32 = 'auto'): number {
  return keeping.indexOf(float32);
}

export const MIN_ENGINE_DIM = 2;
export const MAX_ENGINE_DIM = 4096;
const MAX_THREADS = 1024;

export interface EngineOptions {
  /** Default: one for each processor. */
  readonly threads?: number;
  /** A set of {@link instructionSets}, for tests and comparisons. Default: the fastest that this processor has. */
  readonly instructions?: string;
}

export interface MakingOptions {
  /**
   * `low` leaves the cores to all other threads that want them, such as those of searches, and one of them in any case:
   * threads of the kernel, which a sync to the disk needs, wait up to a tenth of a second for a core that is taken at a low
   * priority. Default `normal`.
   */
  readonly priority?: 'normal' | 'low';
}

export function checkEngineDim(dim: number): void {
  if (!Number.isInteger(dim) || dim < MIN_ENGINE_DIM || dim > MAX_ENGINE_DIM) {
    throw new IndexArgumentError(
      'dim',
      `dim is ${dim}, but the engine takes an integer from ${MIN_ENGINE_DIM} to ${MAX_ENGINE_DIM}.`,
    );
  }
}

export function checkThreads(threads: number = availableParallelism()): number {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new IndexArgumentError(
      'threads',
      `threads is ${threads}, but it must be an integer from 1 to ${MAX_THREADS}.`,
    );
  }
  return threads;
}

/** How many threads make something. */
export function makingThreads({ threads, priority }: EngineOptions & MakingOptions): number {
  const all = checkThreads(threads);
  return priority === 'low' ? Math.max(1, all - 1) : all;
}

/** @param known what this processor runs */
export function checkInstructions(instructions: string | undefined, known: readonly string[]): string {
  if (instructions !== undefined && !known.includes(instructions)) {
    throw new IndexArgumentError(
      'instructions',
      `instructions is '${instructions}', but this processor has ${known.join(', ')}.`,
    );
  }
  return instructions ?? known[0];
}
