import type { Figures, TrackedEnd, TrackedRun, Tracker } from './tracker';

/**
 * Passes the figures of one run on to its trackers while the training goes on. Calls return at once; each tracker works
 * through its own queue. One that fails is dropped with one warning: tracking never stops a training.
 */
export class RunTracking {
  readonly #queues: readonly TrackerQueue[];

  /** @param warn takes one sentence for each tracker that fails */
  constructor(trackers: readonly Tracker[], warn: (message: string) => void) {
    this.#queues = trackers.map((tracker) => new TrackerQueue(tracker, warn));
  }

  start(run: TrackedRun): void {
    this.#each((tracker) => tracker.start(run));
  }

  logStep(step: number, figures: Figures): void {
    this.#each((tracker) => tracker.logStep?.(step, figures));
  }

  logEpoch(step: number, figures: Figures): void {
    this.#each((tracker) => tracker.logEpoch(step, figures));
  }

  /** Waits until all trackers have all figures, or have failed. */
  async end(result: TrackedEnd): Promise<void> {
    this.#each((tracker) => tracker.end(result));
    await Promise.all(this.#queues.map((queue) => queue.done()));
  }

  #each(call: (tracker: Tracker) => Promise<void> | undefined): void {
    for (const queue of this.#queues) queue.add(call);
  }
}

class TrackerQueue {
  #last: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(
    private readonly tracker: Tracker,
    private readonly warn: (message: string) => void,
  ) {}

  add(call: (tracker: Tracker) => Promise<void> | undefined): void {
    if (this.#hasFailed) return;
    this.#last = this.#last.then(() => this.#run(call));
  }

  done(): Promise<void> {
    return this.#last;
  }

  async #run(call: (tracker: Tracker) => Promise<void> | undefined): Promise<void> {
    if (this.#hasFailed) return;
    try {
      await call(this.tracker);
    } catch (error) {
      this.#hasFailed = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.warn(`${this.tracker.name} no longer gets the figures of this run: ${reason} The training is not affected.`);
    }
  }
}
