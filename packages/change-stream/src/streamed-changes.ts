import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  LiveWriteError,
  type ChangeListener,
  type ChangeSource,
  type LiveState,
  type LiveStore,
  type NewChange,
  type Outcome,
} from '@vector-recall/live-index';
import type { StreamAddress } from './address';
import { BrokerSession, type StreamMessage } from './broker-session';
import { ChangeStreamError } from './errors';
import { packMessages } from './message';
import { checkOffset } from './offset';

export type ChangeStreamEvent =
  | { readonly type: 'connected'; readonly server: string; readonly position: number; readonly lag: number }
  /** It is connected anew until it succeeds; meanwhile changes are refused. */
  | { readonly type: 'disconnected'; readonly error: Error | undefined }
  /** A message that holds no changes, and is passed over by every server. */
  | { readonly type: 'skipped'; readonly position: number };

export interface StreamedChangesOptions {
  /** Told what is worth a line in a log. */
  readonly onEvent?: (event: ChangeStreamEvent) => void;
  /** Longest time that a change may wait to be in the stream and taken up here. Default 5,000 ms. */
  readonly patienceMs?: number;
}

/** Wait before the next connection, and before the next one to a stream that was refused. */
const retryMs = { lost: 250, refused: 5000 };
/** Wait before a message is published again. */
const AGAIN_MS = 50;
/** How often the end of the stream is asked for, of which the lag is counted. */
const LAST_MS = 2000;

/**
 * Changes that go through one stream to all servers that follow it. A change is made when the brokers have it and this
 * server has taken it up; every server takes up the same changes in the same order, each once, and keeps in its log how
 * far it has come. While the brokers can't be reached, changes are refused and what is there goes on being served.
 */
export class StreamedChanges implements ChangeSource {
  /** Writes that wait for their message to come back, by its id. */
  readonly #awaited = new Map<string, (outcomes: readonly Outcome[] | undefined) => void>();
  #session?: BrokerSession;
  /** Why there is no session. */
  #problem?: Error;
  #last = 0;
  readonly #closing = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(
    private readonly store: LiveStore,
    private readonly address: StreamAddress,
    private readonly options: StreamedChangesOptions,
  ) {
    // Each write that waits to be sent again listens to it.
    setMaxListeners(0, this.#closing.signal);
  }

  /**
   * Begins to follow a stream. Resolves when all that it held is taken up, or no broker answers.
   * @param store is written by this alone from now on, and is not closed by it
   * @throws ChangeStreamError
   */
  static async open(
    store: LiveStore,
    address: StreamAddress,
    options: StreamedChangesOptions = {},
  ): Promise<StreamedChanges> {
    const changes = new StreamedChanges(store, address, options);
    await new Promise<void>((resolve) => {
      changes.#running = changes.#run(resolve);
    });
    if (!(changes.#problem instanceof ChangeStreamError)) return changes;
    await changes.close();
    throw changes.#problem;
  }

  get state(): LiveState {
    return this.store.state;
  }

  get logBytes(): number {
    return this.store.logBytes;
  }

  /** Whether changes can be made and arrive. */
  get connected(): boolean {
    return this.#session !== undefined;
  }

  /** Messages of the stream that this server has still to take up, as far as it knows. */
  get lag(): number {
    return Math.max(0, this.#last - this.#position);
  }

  listen(listener: ChangeListener): () => void {
    return this.store.listen(listener);
  }

  /**
   * Resolves when the stream has the changes and this server has taken them up.
   * @throws LiveWriteError, after which they may have been made: they are to be sent again with the same ids;
   *   LiveChangeError for one that is too long
   */
  async write(changes: readonly NewChange[]): Promise<Outcome[]> {
    const session = this.#session;
    if (session === undefined) throw this.#unreachable();
    const outcomes: Outcome[] = [];
    for (const bytes of packMessages(changes, session.maxBytes)) outcomes.push(...(await this.#send(bytes)));
    return outcomes;
  }

  /** Stops following. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const resolve of this.#awaited.values()) resolve(undefined);
    await this.#session?.close();
    await this.#running;
  }

  get #position(): number {
    return this.state.offset?.position ?? 0;
  }

  async #send(bytes: Buffer): Promise<readonly Outcome[]> {
    const id = randomUUID();
    const { patienceMs = 5000 } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const taken = new Promise<readonly Outcome[] | undefined>((resolve) => {
      this.#awaited.set(id, resolve);
      timer = setTimeout(resolve, patienceMs, undefined);
    });
    try {
      const [isIn, outcomes] = await Promise.all([this.#publish(id, bytes, performance.now() + patienceMs), taken]);
      if (isIn && outcomes !== undefined) return outcomes;
    } finally {
      clearTimeout(timer);
      this.#awaited.delete(id);
    }
    const problem = `The change was not acknowledged by the stream ${this.address.stream} within ${patienceMs} ms`;
    throw new LiveWriteError(`${problem}, and may have been made; send it again with the same change_id.`);
  }

  /** Publishes until the brokers say that they have the message. @returns whether they have in time */
  async #publish(id: string, bytes: Buffer, end: number): Promise<boolean> {
    while (performance.now() < end && !this.#closing.signal.aborted) {
      try {
        if (this.#session !== undefined) {
          await this.#session.publish(id, bytes);
          return true;
        }
      } catch {
        // Whether it arrived is not known; the brokers know it by its id when it comes again.
      }
      await pause(AGAIN_MS, this.#closing.signal);
    }
    return false;
  }

  /** @param settled called when the stream is caught up with for the first time, or can't be followed now */
  async #run(settled: () => void): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const problem = await this.#followOnce(settled).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      await this.#lose(problem);
      settled();
      await pause(problem instanceof ChangeStreamError ? retryMs.refused : retryMs.lost, signal);
    }
  }

  /** Closes what has ended, and tells why where that is news. */
  async #lose(problem: Error | undefined): Promise<void> {
    const isNews = this.#session !== undefined || this.#problem?.message !== problem?.message;
    await this.#session?.close();
    this.#session = undefined;
    this.#problem = problem;
    if (isNews && !this.#closing.signal.aborted) this.options.onEvent?.({ type: 'disconnected', error: problem });
  }

  /** Connects, and follows the stream until messages stop. */
  async #followOnce(settled: () => void): Promise<void> {
    const session = await BrokerSession.open(this.address, { makes: this.state.offset === undefined });
    let timer: NodeJS.Timeout | undefined;
    try {
      const { stream } = session;
      checkOffset(this.state, stream);
      if (this.state.offset === undefined) await this.store.follow([], { stream: stream.id, position: 0 });
      this.#last = stream.last;
      if (this.#closing.signal.aborted) return;
      this.#session = session;
      this.options.onEvent?.({ type: 'connected', server: session.server, position: this.#position, lag: this.lag });
      timer = setInterval(() => {
        void this.#askForLast(session);
      }, LAST_MS).unref();
      if (this.lag === 0) settled();
      for await (const messages of session.messages(this.#position)) {
        await this.#take(messages, stream.id);
        if (this.#position >= stream.last) settled();
      }
    } finally {
      clearInterval(timer);
      // What was taken up stays; the one who runs this closes a session that was in use.
      if (this.#session !== session) await session.close();
    }
  }

  async #take(all: readonly StreamMessage[], stream: string): Promise<void> {
    const messages = all.filter(({ position }) => position > this.#position);
    const newest = messages.at(-1);
    if (newest === undefined) return;
    this.#last = Math.max(this.#last, newest.last);
    const outcomes = await this.store.follow(
      messages.map(({ changes }) => changes ?? []),
      { stream, position: newest.position },
    );
    messages.forEach(({ id, position, changes }, i) => {
      if (changes === undefined) this.options.onEvent?.({ type: 'skipped', position });
      else this.#awaited.get(id)?.(outcomes[i]);
    });
  }

  async #askForLast(session: BrokerSession): Promise<void> {
    try {
      this.#last = Math.max(this.#last, await session.last());
    } catch {
      // A broker that does not answer is noticed where messages are missing.
    }
  }

  #unreachable(): LiveWriteError {
    // The brokers are there, but the stream is refused or the disk of this server takes no more.
    if (this.#problem instanceof ChangeStreamError || this.#problem instanceof LiveWriteError) {
      return new LiveWriteError(`No change can be made: ${this.#problem.message}`, { cause: this.#problem });
    }
    const { stream } = this.address;
    const problem = `The brokers of the stream ${stream} can't be reached at the moment, so no change was made`;
    return new LiveWriteError(`${problem}; send it again in some seconds.`, { cause: this.#problem });
  }
}

/** Waits, but not longer than until the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
