import type { LiveIndexEvent } from '@vector-recall/live-index';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** From a few thousand changed items to a million items built anew. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

/** How changed items are merged into the index. */
export class LiveMergeMetrics {
  readonly #seconds: Histogram<'kind'>;
  readonly #items: Counter<'kind'>;
  readonly #failures: Counter;
  readonly #last: Gauge;

  constructor(registers: Registry[]) {
    const labelNames = ['kind'] as const;
    this.#seconds = new Histogram({
      name: 'vector_recall_live_merge_seconds',
      help: 'Time of a merge of changed items: of some of them into a graph (join), of all into the base (update), or of all items into a base built anew (rebuild).',
      labelNames,
      buckets: SECONDS,
      registers,
    });
    this.#items = new Counter({
      name: 'vector_recall_live_merged_items_total',
      help: 'Items that merges built into graphs.',
      labelNames,
      registers,
    });
    this.#failures = new Counter({
      name: 'vector_recall_live_merge_failures_total',
      help: 'Merges that failed; each is tried again with the next change.',
      registers,
    });
    this.#last = new Gauge({
      name: 'vector_recall_live_last_merge_timestamp_seconds',
      help: 'When the last merge ended, in seconds since 1970; 0 where there was none.',
      aggregator: 'max',
      registers,
    });
    for (const kind of ['join', 'update', 'rebuild']) this.#items.inc({ kind }, 0);
  }

  note(event: LiveIndexEvent): void {
    if (event.type === 'problem') {
      this.#failures.inc();
      return;
    }
    const { kind, items, ms } = event;
    this.#seconds.observe({ kind }, ms / 1000);
    this.#items.inc({ kind }, items);
    this.#last.set(Date.now() / 1000);
  }
}
