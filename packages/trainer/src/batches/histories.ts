import type { ContextColumn, InteractionLog } from '@vector-recall/datasets';
import type { UserBatch } from '@vector-recall/towers';

/** A label of each event; `values` is `[events]`. */
type ContextLabels = Pick<ContextColumn, 'values'>;

/**
 * Gathers what users did up to a moment, the last `length` items each, oldest first.
 * The arrays that it returns are views of buffers that the next call overwrites.
 */
export class HistoryGatherer {
  #offsets = new Int32Array(0);
  #items = new Int32Array(0);

  constructor(
    private readonly log: Pick<InteractionLog, 'offsets' | 'items' | 'context'>,
    readonly length: number,
  ) {}

  /**
   * @param users rows, `[batch]`
   * @param ends for each user the end of the history in `log.items`, exclusive: an event's own position reads
   *   strictly what came before it; its context is read along, as it is known when the event is asked for
   */
  gather(users: Int32Array, ends: Int32Array): UserBatch {
    const count = users.length;
    if (this.#offsets.length < count + 1) {
      this.#offsets = new Int32Array(count + 1);
      this.#items = new Int32Array(count * this.length);
    }
    const offsets = this.#offsets;
    const items = this.#items;
    let filled = 0;
    for (let n = 0; n < count; n++) {
      offsets[n] = filled;
      const end = ends[n];
      for (let at = Math.max(this.log.offsets[users[n]], end - this.length); at < end; at++) {
        items[filled++] = this.log.items[at];
      }
    }
    offsets[count] = filled;
    return {
      users,
      historyOffsets: offsets.subarray(0, count + 1),
      historyItems: items.subarray(0, filled),
      context: this.log.context?.map((labels) => this.#labelsOf(labels, users, ends)),
    };
  }

  /** The label of the event at each end; unknown where the user has no event there. */
  #labelsOf({ values }: ContextLabels, users: Int32Array, ends: Int32Array): Int32Array {
    return ends.map((end, n) => (end < this.log.offsets[users[n] + 1] ? values[end] : -1));
  }
}
