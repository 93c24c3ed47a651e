import type { Change, NewChange } from '../change/change';
import type { LiveState } from './live-state';

/** Whether a change was made by this request, or had been made before. */
export type Outcome = 'applied' | 'repeated';

/** Hears of each change once it is durable, in order. */
export type ChangeListener = (changes: readonly Change[]) => void;

/**
 * Where changes are made durable, and heard of by all who serve them: a `LiveStore` for a server by itself, a stream that
 * several servers follow, or the primary process of a server with several workers.
 */
export interface ChangeSource {
  readonly state: LiveState;
  /** Size of the log, in bytes. */
  readonly logBytes: number;
  /**
   * Makes changes, in their order. Resolves when all are durable and every listener has heard of them.
   * @throws LiveWriteError, LiveChangeError
   */
  write(changes: readonly NewChange[]): Promise<Outcome[]>;
  /** @returns ends it */
  listen(listener: ChangeListener): () => void;
}
