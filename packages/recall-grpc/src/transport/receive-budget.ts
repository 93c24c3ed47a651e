/** What is set aside for one connection. */
export interface ConnectionShare {
  receivingBytes: number;
}

/** For the bodies that come in pieces on all connections together, where no request is larger. */
const LEAST_TOTAL = 128 * 2 ** 20;

/**
 * Bounds the memory for requests that are announced but not yet here. What comes whole at once needs none of it, so that
 * callers that announce much and send little can't keep ordinary calls away.
 */
export class ReceiveBudget {
  readonly total: number;
  readonly perConnection: number;
  #taken = 0;

  /** @param largestRequest of any method, in bytes */
  constructor(largestRequest: number) {
    this.total = Math.max(LEAST_TOTAL, 4 * largestRequest);
    this.perConnection = this.total / 2;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @returns whether there is room */
  take(share: ConnectionShare, bytes: number): boolean {
    if (this.#taken + bytes > this.total || share.receivingBytes + bytes > this.perConnection) return false;
    this.#taken += bytes;
    share.receivingBytes += bytes;
    return true;
  }

  giveBack(share: ConnectionShare, bytes: number): void {
    this.#taken -= bytes;
    share.receivingBytes -= bytes;
  }
}
