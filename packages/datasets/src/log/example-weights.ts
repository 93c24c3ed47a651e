import type { InteractionLog } from '../dataset';

/**
 * `[events]` how much each event counts as a training example. Where only a user's first event with an item is one,
 * it stands for all of the user's training events with the item, so it has the largest of their weights: a purchase
 * makes the view that led to it count as one. `undefined` where all examples count the same.
 *
 * @param trainEnd `[users]` end of the training events; later ones have no say
 */
export function exampleWeights(
  { log, isExample }: { readonly log: InteractionLog; readonly isExample?: Uint8Array },
  trainEnd: Int32Array,
): Float32Array | undefined {
  const { weights, types, offsets, items } = log;
  // With a target type the first event of each type is an example with a weight of its own.
  if (weights === undefined || isExample === undefined || types?.target !== undefined) return weights;
  const largest = weights.slice();
  const firstOf = new Int32Array(log.itemCount);
  for (let user = 0; user < log.userCount; user++) {
    for (let at = offsets[user]; at < trainEnd[user]; at++) {
      if (isExample[at] === 1) firstOf[items[at]] = at;
      else largest[firstOf[items[at]]] = Math.max(largest[firstOf[items[at]]], weights[at]);
    }
  }
  return largest;
}
