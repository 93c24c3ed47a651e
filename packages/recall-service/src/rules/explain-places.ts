import type { CapRoom } from './cap-room';
import type { Placement } from './rules';

/**
 * Why each item was chosen when it was.
 *
 * @param order all that could be chosen: the promoted items, then the others from the best adjusted score down
 * @param chosen in the order of the answer; its first `given` are promoted
 * @param caps before anything was chosen; counted down
 */
export function explainPlaces(order: Int32Array, chosen: Int32Array, given: number, caps: CapRoom): Placement[] {
  const placements = new Array<Placement>(chosen.length);
  const isTaken = new Uint8Array(caps.starts.length - 1);
  /** The best that was neither chosen nor passed over for a cap: a cap without room stays so. */
  let best = given;
  let isCapped = false;
  for (let place = 0; place < chosen.length; place++) {
    const item = chosen[place];
    if (place < given) {
      placements[place] = 'promoted';
    } else {
      while (order[best] !== item && (isTaken[order[best]] === 1 || !caps.has(order[best]))) {
        isCapped ||= isTaken[order[best]] === 0;
        best++;
      }
      placements[place] = order[best] !== item ? 'diversity' : isCapped ? 'cap' : 'score';
    }
    isTaken[item] = 1;
    caps.take(item);
  }
  return placements;
}
