import type { LiveState } from '@vector-recall/live-index';
import { ChangeStreamError } from './errors';

/** What a broker says of a stream. */
export interface StreamFacts {
  readonly name: string;
  /** Its name and when it was made: a stream that was deleted and made anew is another one. */
  readonly id: string;
  /** What is published to. */
  readonly subject: string;
  /** Of the oldest message that it still holds; messages count from 1. */
  readonly first: number;
  /** Of the newest message. */
  readonly last: number;
}

/**
 * Checks that a server can go on with a stream from where it is, without losing a change.
 * @throws ChangeStreamError
 */
export function checkOffset(state: LiveState, stream: StreamFacts): void {
  const { name, id, first, last } = stream;
  const refuse = (fault: ChangeStreamError['fault'], problem: string, advice: string): never => {
    throw new ChangeStreamError(name, fault, `${problem}; ${advice}.`);
  };
  const { offset } = state;
  if (offset === undefined && state.seq > 0 && last > 0) {
    refuse(
      'late',
      `The folder of --live has changes of its own, and the stream ${name} has others`,
      'give this server an empty folder, or restore a backup of a server that follows the stream into one',
    );
  }
  if (offset !== undefined && offset.stream !== id) {
    refuse(
      'other',
      `The folder of --live follows the stream ${offset.stream}, but the brokers hold ${id}`,
      'name the right brokers and stream, or give an empty folder to begin with this one',
    );
  }
  const position = offset?.position ?? 0;
  if (first > position + 1) {
    refuse(
      'purged',
      `The stream ${name} was purged up to message ${first - 1}, but this server has taken up only those to ${position}`,
      'restore a newer backup of a server that follows the stream into the folder of --live ("vector-recall live restore")',
    );
  }
  if (last < position) {
    refuse(
      'shortened',
      `The stream ${name} ends with message ${last}, but this server has taken up those to ${position}`,
      'restore the stream, or wait for the brokers to catch up with each other',
    );
  }
}
