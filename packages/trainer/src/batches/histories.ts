import type { InteractionLog } from '@vector-recall/datasets';
import type { UserBatch } from '@vector-recall/towers';

/**
 * Gathers what users did up to a moment, the last `length` items each, oldest first.
 * The arrays that it returns are views of buffers that the next call overwrites.
 */
export class HistoryGatherer {
  #offsets = new Int32Array(0);
  #items = new Int32Array(0);

  constructor(
    private readonly log: Pick<InteractionLog, 'offsets' | 'items'>,
    readonly length: number,
  ) {}

  /**
   * @param users rows, `[batch]`
   * @param ends for each user the end of the history in `log.items`, exclusive: an event's own position reads
   *   strictly what came before it
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
    return { users, historyOffsets: offsets.subarray(0, count + 1), historyItems: items.subarray(0, filled) };
  }
}
