import {
  encodeEntry,
  LiveWriteError,
  readChanges,
  type Change,
  type ChangeSource,
  type LiveState,
  type NewChange,
  type Outcome,
} from '@vector-recall/live-index';
import { WorkerError } from '../errors';
import type { News, Order } from './messages';
import { unpackChanges } from './shared-changes';

type WriteReply = Extract<Order, { readonly write: number }>;

interface OpenWrite {
  readonly resolve: (outcomes: Outcome[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The changes of a worker process: read from the log when it starts, then heard of from the primary process, which makes
 * those that this worker is asked for.
 */
export class FollowedChanges implements ChangeSource {
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  readonly #writes = new Map<number, OpenWrite>();
  #nextWrite = 0;
  /** What came while the log was read. */
  #early: Change[] | undefined = [];
  #state?: LiveState;
  #logBytes = 0;

  constructor(private readonly tell: (news: News) => void) {}

  /** Reads the log of a folder; what was made since this was called is heard of. @throws LiveLogError */
  async start(folder: string): Promise<void> {
    this.tell({ news: 'follows' });
    const { state, bytes } = await readChanges(folder);
    for (const change of this.#early ?? []) state.apply(change);
    this.#early = undefined;
    this.#state = state;
    this.#logBytes = bytes;
  }

  get state(): LiveState {
    if (this.#state === undefined) throw new Error('The changes of a worker are read before they are used.');
    return this.#state;
  }

  get logBytes(): number {
    return this.#logBytes;
  }

  write(changes: readonly NewChange[]): Promise<Outcome[]> {
    const write = this.#nextWrite++;
    return new Promise((resolve, reject) => {
      this.#writes.set(write, { resolve, reject });
      const entries = changes.map((change) => encodeEntry({ ...change, seq: 1 }).toString('utf8'));
      this.tell({ news: 'write', write, entries });
    });
  }

  listen(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes up what the primary process has made. */
  apply(entries: readonly string[]): void {
    const changes = unpackChanges(entries);
    this.#logBytes += entries.reduce((sum, entry) => sum + entry.length, 0);
    if (this.#early !== undefined) {
      this.#early.push(...changes);
      return;
    }
    for (const change of changes) this.state.apply(change);
    for (const listener of this.#listeners) listener(changes);
  }

  take(reply: WriteReply): void {
    const open = this.#writes.get(reply.write);
    this.#writes.delete(reply.write);
    if (reply.order === 'written') open?.resolve(reply.outcomes);
    else open?.reject(new WorkerError(reply.code, reply.message));
  }

  /** The primary process has gone: what was asked of it is not answered any more. */
  abandon(): void {
    for (const { reject } of this.#writes.values())
      reject(new LiveWriteError('The server has ended; call another one.'));
    this.#writes.clear();
  }
}
