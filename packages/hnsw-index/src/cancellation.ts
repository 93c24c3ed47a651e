/**
 * What a search needs of an `AbortSignal`, which is one. A server that makes one for every call may have something
 * lighter.
 */
export interface Cancellation {
  readonly aborted: boolean;
  /** What a cancelled search rejects with. */
  readonly reason: unknown;
  /** @throws the reason, once aborted */
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
