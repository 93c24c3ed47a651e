import type { Change, NewChange, StreamOffset } from '../change/change';
import { decodeEntry, encodeEntry, type LogEntry } from '../change/change-codec';
import { LiveFolderError, LiveLogError } from '../errors';
import { ChangeLog } from '../log/change-log';
import { FolderLock } from '../log/folder-lock';
import { logFile, makeFolder } from '../log/log-files';
import type { ChangeListener, ChangeSource, Outcome } from './change-source';
import { LiveState, type StateLimits } from './live-state';

export interface LiveStoreOptions {
  readonly limits?: StateLimits;
  /** Told what is worth a line in a log. */
  readonly onEvent?: (event: LiveStoreEvent) => void;
}

export type LiveStoreEvent =
  /** A write that was never acknowledged was found unfinished, and cut off. */
  | { readonly type: 'torn'; readonly file: string; readonly bytes: number }
  | { readonly type: 'compacted'; readonly bytesBefore: number; readonly bytes: number; readonly ms: number }
  | { readonly type: 'problem'; readonly error: Error };

/** Longest time that what was stored of an erased user stays in the log of a running server. */
const ERASE_MS = 600_000;

/** A log below this size is not worth a compaction. */
const SMALL_BYTES = 1024 * 1024;

/**
 * The changes of a folder: durable before they are acknowledged, and the newest of each item and user in memory.
 * A log that has grown to twice what it was after the last compaction is compacted.
 */
export class LiveStore implements ChangeSource {
  readonly #listeners = new Set<ChangeListener>();
  /** Changes that wait for the disk, by their ids. */
  readonly #underWay = new Map<string, Promise<void>>();
  #nextSeq: number;
  #compacting?: Promise<void>;
  #compactAt: number;
  /** Erasures that the log does not hold any more. */
  #erased = 0;
  #eraseTimer?: NodeJS.Timeout;

  private constructor(
    private readonly log: ChangeLog,
    private readonly lock: FolderLock,
    readonly state: LiveState,
    private readonly options: LiveStoreOptions,
  ) {
    this.#nextSeq = state.seq + 1;
    this.#compactAt = Math.max(SMALL_BYTES, 2 * log.bytes);
    this.#eraseSoon();
  }

  /**
   * @param folder is made where it is missing
   * @throws LiveFolderError where another process writes it; LiveLogError
   */
  static async open(folder: string, options: LiveStoreOptions = {}): Promise<LiveStore> {
    await makeFolder(folder).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LiveFolderError(folder, `${folder} can't be used for changes (${reason}).`, { cause });
    });
    const lock = await FolderLock.take(folder);
    try {
      const state = new LiveState(options.limits);
      const log = await ChangeLog.open(folder, (payload) => {
        state.apply(entryOf(folder, payload));
      });
      if (log.tornBytes > 0) options.onEvent?.({ type: 'torn', file: folder, bytes: log.tornBytes });
      return new LiveStore(log, lock, state, options);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Size of the log. */
  get logBytes(): number {
    return this.log.bytes;
  }

  /**
   * Makes changes, in their order. Resolves when all are durable and every listener has heard of them.
   * @throws LiveWriteError, LiveChangeError; then none of them was made
   */
  async write(changes: readonly NewChange[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const fresh: Change[] = [];
    const others: Promise<void>[] = [];
    const ids = new Set<string>();
    for (const change of changes) {
      const { changeId } = change;
      const before = changeId === undefined ? undefined : this.#underWay.get(changeId);
      if (before !== undefined) others.push(before);
      const isRepeated =
        changeId !== undefined && (before !== undefined || this.state.has(changeId) || ids.has(changeId));
      outcomes.push(isRepeated ? 'repeated' : 'applied');
      if (isRepeated) continue;
      if (changeId !== undefined) ids.add(changeId);
      fresh.push({ ...change, seq: this.#nextSeq++ });
    }
    const written = fresh.length > 0 ? this.#write(fresh) : Promise.resolve();
    for (const id of ids) this.#underWay.set(id, written);
    try {
      await Promise.all([written, ...others]);
    } finally {
      for (const id of ids) this.#underWay.delete(id);
    }
    return outcomes;
  }

  /**
   * Takes up what a stream of changes says, in its order, and how far it was read. What was taken up before a crash and is
   * read again gets the numbers that it had, so that nothing is made twice. Not to be called again before it resolves, and
   * not for a store that is written by itself.
   * @param messages changes of each message of the stream
   * @param position of the last of the messages
   * @returns what was made of each message
   * @throws LiveWriteError; then none of them was made
   */
  async follow(messages: readonly (readonly NewChange[])[], at: Omit<StreamOffset, 'seq'>): Promise<Outcome[][]> {
    let { seq } = this.state.offset ?? this.state;
    const ids = new Set<string>();
    const fresh: Change[] = [];
    const outcomes = messages.map((changes) =>
      changes.map((change): Outcome => {
        const { changeId } = change;
        seq++;
        if (changeId !== undefined && (this.state.has(changeId) || ids.has(changeId))) return 'repeated';
        if (changeId !== undefined) ids.add(changeId);
        fresh.push({ ...change, seq });
        return 'applied';
      }),
    );
    await this.#write(fresh, [{ kind: 'offset', ...at, seq }]);
    return outcomes;
  }

  /** @returns ends it */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes the log anew without what was replaced and erased. @throws LiveWriteError */
  async compact(): Promise<void> {
    this.#compacting ??= this.#compact().finally(() => (this.#compacting = undefined));
    await this.#compacting;
  }

  async close(): Promise<void> {
    this.log.hurry();
    await this.#compacting?.catch(() => undefined);
    if (this.state.erasures !== this.#erased) await this.#tryToCompact();
    clearTimeout(this.#eraseTimer);
    await this.log.close();
    await this.lock.release();
  }

  async #write(changes: readonly Change[], offset: readonly LogEntry[] = []): Promise<void> {
    const entries = [...changes, ...offset];
    await this.log.append(entries.map(encodeEntry));
    for (const entry of entries) this.state.apply(entry);
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes);
    if (this.log.bytes > this.#compactAt) void this.#tryToCompact();
    else this.#eraseSoon();
  }

  #eraseSoon(): void {
    if (this.state.erasures === this.#erased || this.#eraseTimer !== undefined) return;
    this.#eraseTimer = setTimeout(() => void this.#tryToCompact(), ERASE_MS).unref();
  }

  async #tryToCompact(): Promise<void> {
    try {
      await this.compact();
    } catch (error) {
      this.#emit({ type: 'problem', error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  async #compact(): Promise<void> {
    const start = performance.now();
    const bytesBefore = this.log.bytes;
    const { erasures } = this.state;
    clearTimeout(this.#eraseTimer);
    this.#eraseTimer = undefined;
    try {
      await this.log.compact(() => encodeAll(this.state.entries()));
    } finally {
      this.#compactAt = Math.max(SMALL_BYTES, 2 * this.log.bytes);
    }
    this.#erased = erasures;
    this.#emit({ type: 'compacted', bytesBefore, bytes: this.log.bytes, ms: performance.now() - start });
  }

  #emit(event: LiveStoreEvent): void {
    this.options.onEvent?.(event);
  }
}

/** @throws LiveLogError */
export function entryOf(folder: string, payload: Buffer): ReturnType<typeof decodeEntry> & object {
  const entry = decodeEntry(payload);
  if (entry !== undefined) return entry;
  const file = logFile(folder, 1);
  throw new LiveLogError(file, 'foreign', `The log of changes in ${folder} holds a record that is no change.`);
}

function* encodeAll(entries: Parameters<typeof encodeEntry>[0][]): Generator<Buffer> {
  for (const entry of entries) yield encodeEntry(entry);
}
