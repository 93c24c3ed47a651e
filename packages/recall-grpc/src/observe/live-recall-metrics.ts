import type { LiveRecallEvent } from '@vector-recall/recall-service';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Finest where indexes are tuned to. */
const SHARES = [0.25, 0.5, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 1];

/** What searches find of what they should, as a sample of them shows. */
export class LiveRecallMetrics {
  readonly #recall: Histogram<'k'>;
  readonly #unchecked: Counter<'reason'>;

  constructor(registers: Registry[]) {
    this.#recall = new Histogram({
      name: 'vector_recall_live_recall',
      help: 'Share of the true nearest items among the first k that a sampled search found; all: of the whole search.',
      labelNames: ['k'],
      buckets: SHARES,
      registers,
    });
    this.#unchecked = new Counter({
      name: 'vector_recall_live_recall_unchecked_total',
      help: 'Sampled searches that were not compared with every item: too many waited (busy), or it failed.',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of ['busy', 'failed']) this.#unchecked.inc({ reason }, 0);
  }

  note(event: LiveRecallEvent): void {
    if (event.type === 'checked') {
      for (const { depth, recall } of event.recalls) this.#recall.observe({ k: depth }, recall);
    } else {
      this.#unchecked.inc({ reason: event.type === 'dropped' ? 'busy' : 'failed' });
    }
  }
}
