import type { InteractionLog } from '@vector-recall/datasets';

/** How often each item occurs before the users' ends, `[items]`. */
export function countItems(log: InteractionLog, ends: Int32Array): Int32Array {
  const counts = new Int32Array(log.itemCount);
  for (let user = 0; user < log.userCount; user++) {
    for (let at = log.offsets[user]; at < ends[user]; at++) counts[log.items[at]]++;
  }
  return counts;
}
