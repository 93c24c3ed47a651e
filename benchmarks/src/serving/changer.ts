import { RandomStream } from '@vector-recall/random';
import { RecallClient, UpsertItemsRequest } from '@vector-recall/recall-grpc';
import { Http2Caller } from './http2-calls';
import type { CallOutcome } from './recall-calls';

export interface Changes {
  readonly idKind: 'integer' | 'string';
  readonly dim: number;
  /** How many are made at most: their vectors are drawn before the load begins. */
  readonly most: number;
  readonly perCall: number;
  /** One call in so many asks at once for one of its items. */
  readonly checkEvery: number;
}

/**
 * Sends items with vectors of their own, and asks of some at once whether they are found. All requests are made before the
 * load begins, so that its cores are the server's.
 */
export class Changer {
  readonly #caller: Http2Caller;
  readonly #recall: RecallClient;
  /** `[most, dim]` */
  readonly #vectors: Float32Array;
  readonly #requests: readonly Uint8Array[];
  #calls = 0;
  checks = 0;
  misses = 0;

  constructor(
    target: string,
    private readonly changes: Changes,
  ) {
    const { most, dim, perCall } = changes;
    this.#caller = new Http2Caller(target);
    this.#recall = new RecallClient(target);
    const random = new RandomStream(3, 'freshness');
    this.#vectors = Float32Array.from({ length: most * dim }, () => random.normal());
    this.#requests = Array.from({ length: Math.ceil(most / perCall) }, (_, call) => this.#request(call));
  }

  /** @param since `performance.now()` when it was due */
  async change(since: number): Promise<CallOutcome> {
    const { perCall, checkEvery } = this.changes;
    const call = this.#calls++;
    const outcome = await this.#caller.call('recall.v1.ItemService/UpsertItems', this.#requests[call], since);
    if (outcome.code === 0 && call % checkEvery === 0)
      await this.#check(call * perCall + ((call / checkEvery) % perCall));
    return outcome;
  }

  close(): void {
    this.#caller.close();
    this.#recall.close();
  }

  #request(call: number): Uint8Array {
    const { perCall } = this.changes;
    const items = Array.from({ length: perCall }, (_, i) => {
      const id = this.#idOf(call * perCall + i);
      return {
        id: typeof id === 'number' ? { integer: id } : { text: id },
        vector: this.#vectorOf(call * perCall + i),
      };
    });
    return UpsertItemsRequest.encode(UpsertItemsRequest.fromPartial({ items })).finish();
  }

  #idOf(item: number): number | string {
    return this.changes.idKind === 'integer' ? 1e12 + item : `fresh-${item}`;
  }

  #vectorOf(item: number): number[] {
    const { dim } = this.changes;
    return Array.from(this.#vectors.subarray(item * dim, (item + 1) * dim));
  }

  async #check(item: number): Promise<void> {
    const { itemIds } = await this.#recall.recall({ queryVector: this.#vectorOf(item), topK: 1 });
    this.checks++;
    if (itemIds[0] !== this.#idOf(item)) this.misses++;
  }
}
