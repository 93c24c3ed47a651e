import type { InteractionLog } from '@vector-recall/datasets';

/** A log out of one list of item rows per user, in order of time. */
export function logOf(itemCount: number, histories: readonly (readonly number[])[]): InteractionLog {
  const offsets = new Int32Array(histories.length + 1);
  histories.forEach((history, user) => {
    offsets[user + 1] = offsets[user] + history.length;
  });
  const items = Int32Array.from(histories.flat());
  return {
    userCount: histories.length,
    itemCount,
    offsets,
    items,
    timestamps: Float64Array.from(items, (_, at) => at),
  };
}
