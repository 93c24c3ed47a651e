import type { RandomStream } from '@vector-recall/random';
import type { UserBatch } from '@vector-recall/towers';

/**
 * Share of the examples whose context, or the types of whose history, is hidden, so that the model also learns to do
 * without: stored user vectors have no context, and requests may bring neither.
 */
const HIDDEN_SHARE = 0.2;

/** Draws which examples are hidden: 1 in the share of `hidden`, 0 elsewhere. */
export function drawHidden(hidden: Uint8Array, random: RandomStream): void {
  for (let n = 0; n < hidden.length; n++) hidden[n] = random.uniform() < HIDDEN_SHARE ? 1 : 0;
}

/** Makes the labels of hidden examples unknown, in place. @param hidden at least `[batch]` */
export function hideContext(context: readonly Int32Array[] = [], hidden: Uint8Array): void {
  for (const labels of context) {
    for (let n = 0; n < labels.length; n++) if (hidden[n] === 1) labels[n] = -1;
  }
}

/** Makes the types in the histories of hidden examples unknown, in place. @param hidden at least `[batch]` */
export function hideTypes({ historyOffsets, historyTypes }: UserBatch, hidden: Uint8Array): void {
  for (let n = 0; n < historyOffsets.length - 1; n++) {
    if (hidden[n] === 1) historyTypes?.fill(-1, historyOffsets[n], historyOffsets[n + 1]);
  }
}
