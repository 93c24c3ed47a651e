/**
 * Why a stream can't be followed: `purged`, it no longer holds what this server has not taken up; `shortened`, it ends
 * before what this server has; `missing`, the brokers have none of this name; `other`, it is not the stream that this server followed; `late`, this server has changes of
 * its own and the stream has others; `unfit`, its settings lose or hide changes; `newer`, a later release writes to it;
 * `access`, the brokers refuse the name or password.
 */
export type ChangeStreamFault = 'purged' | 'shortened' | 'missing' | 'other' | 'late' | 'unfit' | 'newer' | 'access';

/** Thrown when following a stream would lose changes, or is not allowed. Nothing was changed. */
export class ChangeStreamError extends Error {
  readonly code = 'CHANGE_STREAM_REFUSED';

  constructor(
    readonly stream: string,
    readonly fault: ChangeStreamFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ChangeStreamError';
  }
}
