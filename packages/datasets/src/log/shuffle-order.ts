import { RandomStream } from '@vector-recall/random';
import type { InteractionLog } from '../dataset';
import { takeEvents } from './event-columns';

/**
 * Puts each user's events in an order that the seed draws. Where a source tells no order, that of its rows is often the
 * order of its ids; the last events would then be those with the largest ids, and no fair test.
 */
export function shuffleOrder(log: InteractionLog, seed: number): InteractionLog {
  const random = new RandomStream(seed, 'order of events');
  const positions = Int32Array.from(log.items, (_, at) => at);
  for (let user = 0; user < log.userCount; user++) {
    random.shuffle(positions.subarray(log.offsets[user], log.offsets[user + 1]));
  }
  return takeEvents(log, log.offsets, positions);
}
