import type { Cancellation } from '@vector-recall/hnsw-index';

/**
 * Requests encoded at once: enough to share the loads of the weights, few enough that the event loop is held up for some
 * two milliseconds, about as long as one search takes.
 */
const LARGEST_BATCH = 32;

interface Waiting<Request> {
  readonly request: Request;
  readonly signal?: Cancellation;
  readonly resolve: (vector: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Encodes together what arrives together: a request waits for the others that the current turn of the event loop brings,
 * and for nothing else, so that one that comes alone is not held up.
 */
export class EncodeQueue<Request> {
  #waiting: Waiting<Request>[] = [];

  /** @param encodeBatch gives the vectors of requests, `[requests, dim]` */
  constructor(
    private readonly encodeBatch: (requests: readonly Request[]) => Float32Array,
    private readonly dim: number,
  ) {}

  /**
   * @returns the vectors of the requests, in their order, `[dim]` each
   * @throws what encoding throws, or the reason of `signal` if it ends the call before its turn
   */
  async encode(requests: readonly Request[], signal?: Cancellation): Promise<Float32Array[]> {
    return Promise.all(
      requests.map(
        (request) =>
          new Promise<Float32Array>((resolve, reject) => {
            if (this.#waiting.push({ request, signal, resolve, reject }) === 1) this.#schedule();
          }),
      ),
    );
  }

  #schedule(): void {
    setImmediate(() => {
      this.#encodeNext();
    });
  }

  #encodeNext(): void {
    const batch = this.#waiting.slice(0, LARGEST_BATCH);
    this.#waiting = this.#waiting.slice(LARGEST_BATCH);
    // What has arrived in between gets its turn before the rest does.
    if (this.#waiting.length > 0) this.#schedule();
    const wanted = batch.filter(({ signal, reject }) => {
      if (signal?.aborted === true) reject(signal.reason);
      return signal?.aborted !== true;
    });
    if (wanted.length === 0) return;
    this.#encodeTogether(wanted);
  }

  #encodeTogether(batch: readonly Waiting<Request>[]): void {
    try {
      const vectors = this.encodeBatch(batch.map(({ request }) => request));
      batch.forEach(({ resolve }, i) => {
        resolve(vectors.subarray(i * this.dim, (i + 1) * this.dim));
      });
    } catch (error) {
      if (batch.length === 1) batch[0].reject(error);
      // They only came at the same time: what is wrong with one of them must not fail the others.
      else for (const waiting of batch) this.#encodeTogether([waiting]);
    }
  }
}
