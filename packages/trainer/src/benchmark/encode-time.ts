import { performance } from 'node:perf_hooks';
import type { TwoTowerModel } from '@vector-recall/towers';
import { ServingUserTower } from '@vector-recall/towers/serving';
import type { HistoryGatherer } from '../batches/histories';

/** The batch that a history encoder has its budget for. */
export const ENCODED_BATCH = 32;

/** Batches before the clock starts, until the compiler is done with the loops. */
const WARM_UP = 50;

/**
 * Milliseconds a user that serving takes to encode fresh histories, on one thread and in batches of
 * {@link ENCODED_BATCH}: the median over as many batches as the users fill, at least 20.
 *
 * @param users whose histories are read, drawn at random, `[users]`
 * @param ends of their histories in the log, `[users]`
 */
export function measureEncoding(
  model: TwoTowerModel,
  histories: HistoryGatherer,
  users: Int32Array,
  ends: Int32Array,
): number {
  const tower = ServingUserTower.of(model);
  const count = Math.max(20, Math.floor(users.length / ENCODED_BATCH));
  const encode = (n: number): number => {
    const picks = Int32Array.from({ length: ENCODED_BATCH }, (_, k) => (n * ENCODED_BATCH + k) % users.length);
    const at = (values: Int32Array): Int32Array => picks.map((pick) => values[pick]);
    const batch = histories.gather(at(users), at(ends));
    const startedAt = performance.now();
    tower.encode(batch);
    return (performance.now() - startedAt) / ENCODED_BATCH;
  };
  for (let n = 0; n < WARM_UP; n++) encode(n);
  const times = Float64Array.from({ length: count }, (_, n) => encode(n)).sort();
  return times[Math.floor(count / 2)];
}
