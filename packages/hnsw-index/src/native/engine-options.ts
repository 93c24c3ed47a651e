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

export const MIN_ENGINE_DIM = 2;
export const MAX_ENGINE_DIM = 4096;
const MAX_THREADS = 1024;

export interface EngineOptions {
  /** Default: one for each processor. */
  readonly threads?: number;
  /** A set of {@link instructionSets}, for tests and comparisons. Default: the fastest that this processor has. */
  readonly instructions?: string;
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
