import type { ContextColumn, InteractionLog } from '@vector-recall/datasets';
import type { UserBatch } from '@vector-recall/towers';

/** A label of each event; `values` is `[events]`. */
type ContextLabels = Pick<ContextColumn, 'values'>;

/** What histories are gathered from. */
export interface HistoryLog extends Pick<InteractionLog, 'offsets' | 'items'> {
  readonly context?: readonly ContextLabels[];
  /** Read where histories tell them; `values` is `[events]`, -1 where a type is unknown. */
  readonly types?: { readonly values: Uint8Array | Int32Array; readonly inHistories?: boolean };
}

/**
 * Gathers what users did up to a moment, the last `length` items each, oldest first.
 * The arrays that it returns are views of buffers that the next call overwrites.
 */
export class HistoryGatherer {
  #offsets = new Int32Array(0);
  #items = new Int32Array(0);
  #types = new Int32Array(0);
  /** `[events]`; absent where histories don't tell the types of events. */
  readonly #typeOf?: Uint8Array | Int32Array;

  constructor(
    private readonly log: HistoryLog,
    readonly length: number,
  ) {
    if (log.types?.inHistories === true) this.#typeOf = log.types.values;
  }

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
      if (this.#typeOf) this.#types = new Int32Array(count * this.length);
    }
    const offsets = this.#offsets;
    const items = this.#items;
    const types = this.#typeOf;
    let filled = 0;
    for (let n = 0; n < count; n++) {
      offsets[n] = filled;
      const end = ends[n];
      for (let at = Math.max(this.log.offsets[users[n]], end - this.length); at < end; at++) {
        if (types) this.#types[filled] = types[at];
        items[filled++] = this.log.items[at];
      }
    }
    offsets[count] = filled;
    return {
      users,
      historyOffsets: offsets.subarray(0, count + 1),
      historyItems: items.subarray(0, filled),
      ...(types && { historyTypes: this.#types.subarray(0, filled) }),
      context: this.log.context?.map((labels) => this.#labelsOf(labels, users, ends)),
    };
  }

  /** The label of the event at each end; unknown where the user has no event there. */
  #labelsOf({ values }: ContextLabels, users: Int32Array, ends: Int32Array): Int32Array {
    return ends.map((end, n) => (end < this.log.offsets[users[n] + 1] ? values[end] : -1));
  }
}
