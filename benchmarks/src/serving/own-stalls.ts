import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { ms } from './statistics';

/** How long this process stands still: a client's own stalls count as the server's in what it measures. */
export class OwnStalls {
  readonly #start = performance.now();
  readonly #delays = monitorEventLoopDelay({ resolution: 1 });
  readonly #pauses: number[] = [];
  readonly #observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.#pauses.push(duration);
  });

  constructor() {
    this.#delays.enable();
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Ends the watch. */
  summary(): string {
    this.#delays.disable();
    this.#observer.disconnect();
    const paused = this.#pauses.reduce((sum, pause) => sum + pause, 0);
    const share = (100 * paused) / (performance.now() - this.#start);
    const longest = this.#pauses.reduce((most, pause) => Math.max(most, pause), 0);
    return (
      `the client itself stood still for collections ${share.toFixed(1)} % of the time, ${ms(longest)} at most; ` +
      `its event loop came ${ms(this.#delays.percentile(99) / 1e6)} late (p99)`
    );
  }
}
