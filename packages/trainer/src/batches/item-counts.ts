import type { InteractionLog, Split } from '@vector-recall/datasets';
import { examples } from './examples';

/** How often each item occurs before the users' ends, `[items]`. */
export function countItems(log: InteractionLog, ends: Int32Array): Int32Array {
  const counts = new Int32Array(log.itemCount);
  for (let user = 0; user < log.userCount; user++) {
    for (let at = log.offsets[user]; at < ends[user]; at++) counts[log.items[at]]++;
  }
  return counts;
}

/** How often each item is the positive of an example, `[items]`. */
export function countPositives(split: Split): Int32Array {
  const counts = new Int32Array(split.log.itemCount);
  for (const at of examples(split)) counts[split.log.items[at]]++;
  return counts;
}
