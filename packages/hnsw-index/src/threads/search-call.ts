import type { Cancellation } from '../cancellation';
import type { SearchResult } from '../vector-index';

/** A call of several queries, which different threads may answer. It ends with all results, or with the first error. */
export class SearchCall {
  readonly results: Promise<SearchResult[]>;
  readonly #found: SearchResult[];
  #open: number;
  #hasEnded = false;
  #resolve!: (results: SearchResult[]) => void;
  #reject!: (error: unknown) => void;

  /** @param queries at least 1 */
  constructor(
    queries: number,
    private readonly signal?: Cancellation,
  ) {
    this.#open = queries;
    this.#found = new Array<SearchResult>(queries);
    this.results = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal?.addEventListener('abort', this.#onAbort);
  }

  /** Whether nobody waits for it any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  succeed(place: number, result: SearchResult): void {
    this.#found[place] = result;
    if (--this.#open > 0 || this.#hasEnded) return;
    this.#end();
    this.#resolve(this.#found);
  }

  fail(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  readonly #onAbort = (): void => {
    this.fail(this.signal?.reason);
  };

  #end(): void {
    this.#hasEnded = true;
    this.signal?.removeEventListener('abort', this.#onAbort);
  }
}
