import type { IndexQuery } from '../concurrent-index';
import type { SearchCall } from './search-call';

/** One query of a call, and its place there. */
export interface SearchJob {
  readonly call: SearchCall;
  readonly place: number;
  readonly query: IndexQuery;
}

/** Queries in the order in which they came. Those of a call that has ended are passed over. */
export class SearchQueue {
  readonly #jobs: SearchJob[] = [];

  /** Queries that wait, and perhaps some of calls that have ended. */
  get length(): number {
    return this.#jobs.length;
  }

  add(job: SearchJob): void {
    this.#jobs.push(job);
  }

  /** Takes up to `count` queries from the front. */
  take(count: number): SearchJob[] {
    const taken: SearchJob[] = [];
    let seen = 0;
    while (seen < this.#jobs.length && taken.length < count) {
      const job = this.#jobs[seen++];
      if (!job.call.hasEnded) taken.push(job);
    }
    this.#jobs.splice(0, seen);
    return taken;
  }
}
