import { freemem } from 'node:os';
import type { Split } from '@vector-recall/datasets';
import { RandomStream } from '@vector-recall/random';
import { countItems } from '../../batches/item-counts';
import { chooseLambda } from './choose-lambda';
import { type EaseWeights, fitEase, mostItemsOfEase } from './ease';
import type { KnownEvents } from './interaction-matrix';

export interface EaseOptions {
  readonly seed: number;
  /** Chosen by validation where it is absent. */
  readonly lambda?: number;
  readonly signal?: AbortSignal;
}

/** EASE^R of all items that occur among the known events, or why there is none. */
export async function easeOfSplit(
  split: Split,
  known: KnownEvents,
  { seed, lambda, signal }: EaseOptions,
): Promise<{ readonly weights: EaseWeights } | { readonly note: string }> {
  const counts = countItems(known.log, known.ends);
  const items = Int32Array.from(counts.keys()).filter((item) => counts[item] > 0);
  const most = mostItemsOfEase();
  if (items.length > most) {
    return {
      note: `EASE^R was not computed: it takes at most ${most} items on this backend, and there are ${items.length}.`,
    };
  }
  // Its weights, and as much again while they are computed, or read for an item-item term.
  const bytes = 8 * items.length ** 2;
  if (bytes > freemem()) {
    const needed = Math.ceil(bytes / 1024 ** 2);
    return { note: `EASE^R was not computed: it takes ${needed} MiB of memory, and less is free.` };
  }
  const chosen = lambda ?? (await chooseLambda(split, new RandomStream(seed, 'ease'), { signal }));
  return { weights: await fitEase(known, items, chosen, { signal }) };
}
