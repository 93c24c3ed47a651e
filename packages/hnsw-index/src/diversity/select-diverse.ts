import { findAddon } from '../native/addon';
import { DIRECTION_LENGTH } from './directions';

/** Candidates to choose from. */
export interface DiverseCandidates {
  /** `[n, dim]`: see `directionOf`. */
  readonly directions: Int8Array;
  /** `[n]`, in [0, 1]: how much each is wanted for itself. Whoever lists the most wanted first is answered sooner. */
  readonly relevances: ArrayLike<number>;
  /** In [0, 1]: how much relevance counts; the rest is what similarity to one that was chosen before costs. */
  readonly lambda: number;
  /** `[n + 1]`: candidate `i` is of the groups `groups[groupStarts[i] .. groupStarts[i + 1])`. */
  readonly groupStarts: Int32Array;
  readonly groups: Int32Array;
  /** For each group, how many more of it may be chosen. Not changed. */
  readonly room: Int32Array;
}

/** A cosine of one, as the product of two directions. */
const ONE = DIRECTION_LENGTH ** 2;

/** Of a step of relevance: fine enough that doubles hold the whole numbers of gains and costs. */
const SCALE = 2 ** 20;

/**
 * Chooses candidates by maximal marginal relevance (Carbonell and Goldstein 1998): one after the other, each time the one
 * of the largest `lambda · relevance − (1 − lambda) · s` whose groups have room, and of equal ones the first. `s` is the
 * largest cosine with one that was chosen before, 0 where all are negative. Computed in whole numbers, so that the native
 * engine and plain code on all machines agree.
 *
 * @param k how many, those that are chosen already included
 * @param before candidates that are chosen already, each once
 * @returns candidates in the order in which they were chosen, `before` first; fewer than `k` only where no other has room
 */
export function selectDiverse(candidates: DiverseCandidates, k: number, before: readonly number[] = []): Int32Array {
  const addon = findAddon();
  const [instructions] = addon?.listKernels() ?? [];
  return addon === undefined
    ? selectPlainly(candidates, k, before)
    : selectNatively(candidates, k, before, instructions);
}

/** @param instructions the instruction set to run on, for tests */
export function selectNatively(
  candidates: DiverseCandidates,
  k: number,
  before: readonly number[],
  instructions: string,
): Int32Array {
  const addon = findAddon();
  if (addon === undefined) return selectPlainly(candidates, k, before);
  const { directions, groupStarts, groups, room } = candidates;
  const { gains, weight } = wholeNumbers(candidates);
  const count = gains.length;
  if (count === 0) return new Int32Array(0);
  const chosen = new Int32Array(Math.min(k, count));
  chosen.set(before);
  const dim = directions.length / count;
  const found = addon.selectDiverse(
    directions,
    dim,
    gains,
    weight,
    groupStarts,
    groups,
    room.slice(),
    before.length,
    instructions,
    chosen,
  );
  return chosen.subarray(0, found);
}

/** The same by its definition, where there is no native engine. */
export function selectPlainly(candidates: DiverseCandidates, k: number, before: readonly number[]): Int32Array {
  const { directions, groupStarts, groups } = candidates;
  const { gains, weight } = wholeNumbers(candidates);
  const count = gains.length;
  const dim = count === 0 ? 0 : directions.length / count;
  const room = candidates.room.slice();
  const chosen = [...before];
  const isOut = new Uint8Array(count);
  for (const candidate of before) isOut[candidate] = 1;
  /** Largest product with one of the first `seen` that were chosen. */
  const largest = new Float64Array(count);
  let seen = 0;
  while (chosen.length < Math.min(k, count)) {
    for (; seen < chosen.length; seen++) {
      for (let i = 0; i < count; i++) {
        if (isOut[i] === 0) largest[i] = Math.max(largest[i], product(directions, i * dim, chosen[seen] * dim, dim));
      }
    }
    let best = -1;
    let bestValue = -Infinity;
    for (let i = 0; i < count; i++) {
      const value = gains[i] - weight * largest[i];
      if (isOut[i] === 1 || value <= bestValue) continue;
      best = i;
      bestValue = value;
    }
    if (best === -1) break;
    isOut[best] = 1;
    const own = groups.subarray(groupStarts[best], groupStarts[best + 1]);
    if (!own.every((group) => room[group] > 0)) continue;
    for (const group of own) room[group]--;
    chosen.push(best);
  }
  return Int32Array.from(chosen);
}

function wholeNumbers({ relevances, lambda }: DiverseCandidates): { gains: Float64Array; weight: number } {
  const gains = new Float64Array(relevances.length);
  const factor = lambda * ONE * SCALE;
  for (let i = 0; i < gains.length; i++) gains[i] = Math.floor(factor * relevances[i] + 0.5);
  return { gains, weight: Math.round((1 - lambda) * SCALE) };
}

function product(values: Int8Array, a: number, b: number, dim: number): number {
  let sum = 0;
  for (let d = 0; d < dim; d++) sum += values[a + d] * values[b + d];
  return sum;
}
