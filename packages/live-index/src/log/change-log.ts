import { open, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { LiveChangeError, LiveWriteError } from '../errors';
import { frameRecords, logHeader, MAX_RECORD_BYTES, packCommitted } from './log-format';
import { committedFile, listLogs, logFile, readLog, removeOldLogs, syncFolder } from './log-files';

/** Records that wait for the disk together. */
interface Waiting {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Records, appended to a file and acknowledged once the disk has them. All that wait while the disk is busy share its next
 * write (group commit). A compaction writes a new file aside and switches to it by its name.
 */
export class ChangeLog {
  #waiting: Waiting[] = [];
  #writing?: Promise<void>;
  /** Held by a compaction while it switches files. */
  #paused?: Promise<void>;
  #broken?: LiveWriteError;
  #closed = false;
  #hurries = false;

  private constructor(
    readonly folder: string,
    private number: number,
    private log: FileHandle,
    private committed: FileHandle,
    private length: number,
    /** Bytes of a write that was never acknowledged, which were cut off when the log was opened. */
    readonly tornBytes: number,
  ) {}

  /**
   * Opens the newest log of a folder, or begins one. Only one process may have it open: see `FolderLock`.
   * @param take is called with each record in order
   * @throws LiveLogError
   */
  static async open(folder: string, take: (payload: Buffer) => void): Promise<ChangeLog> {
    const last = (await listLogs(folder)).at(-1);
    if (last === undefined) {
      const length = await writeWhole(folder, 1, []);
      return new ChangeLog(folder, 1, ...(await openPair(folder, 1)), length, 0);
    }
    const { length, tornBytes } = await readLog(folder, last, take);
    const [log, committed] = await openPair(folder, last);
    if (tornBytes > 0) {
      await log.truncate(length);
      await log.sync();
    }
    // What is whole behind the acknowledged part was written, and is taken: from now on it is acknowledged too.
    await committed.write(packCommitted(length), 0, 12, 0);
    await removeOldLogs(folder, last);
    return new ChangeLog(folder, last, log, committed, length, tornBytes);
  }

  /** Size of the file. */
  get bytes(): number {
    return this.length;
  }

  /**
   * Resolves when the disk has the records, all of them or none.
   * @throws LiveChangeError for a record that is too long; LiveWriteError
   */
  append(payloads: readonly Buffer[]): Promise<void> {
    if (payloads.some(({ length }) => length > MAX_RECORD_BYTES)) {
      const problem = `A change takes more than ${MAX_RECORD_BYTES} bytes`;
      return Promise.reject(new LiveChangeError('change', `${problem}; leave out what nobody reads of it.`));
    }
    if (this.#closed) return Promise.reject(new LiveWriteError('The log of changes is closed; call another server.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes: frameRecords(payloads), resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /**
   * Replaces the log by one of these records and of what is appended meanwhile.
   * @param capture gives all that was acknowledged before it is called; it may hold more, which is then written twice
   * @throws LiveWriteError; the log then goes on as it is
   */
  async compact(capture: () => Iterable<Buffer>): Promise<void> {
    const from = this.length;
    const next = this.number + 1;
    // Whoever waited for what ends at `from` has heard of it by the next turn.
    await new Promise(setImmediate);
    try {
      await writeAside(this.folder, next, capture(), () => this.#hurries);
      await this.#exclusively(async () => {
        const tail = Buffer.alloc(this.length - from);
        await this.log.read(tail, 0, tail.length, from);
        this.length = await finishAside(this.folder, next, tail);
        const old = [this.log, this.committed];
        [this.log, this.committed] = await openPair(this.folder, next);
        this.number = next;
        for (const handle of old) await handle.close();
      });
    } catch (cause) {
      throw new LiveWriteError('The log of changes could not be compacted; it goes on as it is.', { cause });
    }
    await removeOldLogs(this.folder, next);
  }

  /** From now on a compaction takes all of the event loop that it can use. */
  hurry(): void {
    this.#hurries = true;
  }

  /** Waits for what is being written, and closes the file. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#idle();
    await this.log.close();
    await this.committed.close();
  }

  async #idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Runs while nothing is written; what is appended meanwhile waits. */
  async #exclusively(run: () => Promise<void>): Promise<void> {
    let resume: () => void = () => undefined;
    this.#paused = new Promise((resolve) => (resume = resolve));
    try {
      // A write that has begun goes on until it finds the pause.
      await this.#turn;
      await run();
    } finally {
      this.#paused = undefined;
      resume();
    }
  }

  /** The write under way. */
  #turn: Promise<void> = Promise.resolve();

  async #writeAll(): Promise<void> {
    // One turn of the event loop later, so that what arrives together is written together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      if (this.#paused !== undefined) await this.#paused;
      const batch = this.#waiting;
      this.#waiting = [];
      this.#turn = this.#writeBatch(batch);
      await this.#turn;
    }
    this.#writing = undefined;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const failure = this.#broken ?? (await this.#write(Buffer.concat(batch.map(({ bytes }) => bytes))));
    for (const { resolve, reject } of batch) {
      if (failure === undefined) resolve();
      else reject(failure);
    }
  }

  async #write(bytes: Buffer): Promise<LiveWriteError | undefined> {
    const start = this.length;
    try {
      await writeFully(this.log, bytes, start);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      // A part may be there: the next write must not stand behind it.
      await this.log.truncate(start).catch((error: unknown) => (this.#broken = broken(error)));
      return new LiveWriteError(`The change was not written (${reason}); free space on the disk and send it again.`, {
        cause,
      });
    }
    try {
      await this.log.datasync();
      await this.committed.write(packCommitted(start + bytes.length), 0, 12, 0);
    } catch (cause) {
      // After a failed sync nobody knows what the disk has, and a later one may succeed without having written it.
      this.#broken = broken(cause);
      return this.#broken;
    }
    this.length = start + bytes.length;
    return undefined;
  }
}

function broken(cause: unknown): LiveWriteError {
  return new LiveWriteError('The disk has failed to keep the log of changes; check it, then restart the server.', {
    cause,
  });
}

async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

async function openPair(folder: string, number: number): Promise<[FileHandle, FileHandle]> {
  const log = await open(logFile(folder, number), 'r+');
  try {
    return [log, await open(committedFile(folder, number), 'r+')];
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** Encoded at once: about a millisecond's work. */
const PIECE_RECORDS = 64;
/** How many times as long as encoding takes the event loop is left to others, while nobody waits for the whole. */
const LEFT_TO_OTHERS = 4;

async function writeAside(
  folder: string,
  number: number,
  payloads: Iterable<Buffer>,
  hurries: () => boolean = () => false,
): Promise<void> {
  const handle = await open(`${logFile(folder, number)}.aside`, 'w');
  try {
    await handle.appendFile(logHeader());
    let piece: Buffer[] = [];
    let start = performance.now();
    for (const payload of payloads) {
      piece.push(payload);
      if (piece.length < PIECE_RECORDS) continue;
      const bytes = frameRecords(piece);
      const busy = performance.now() - start;
      await handle.appendFile(bytes);
      if (!hurries()) await pause(LEFT_TO_OTHERS * busy);
      piece = [];
      start = performance.now();
    }
    await handle.appendFile(frameRecords(piece));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Appends the rest and gives the log its name, after which it is the newest. @returns its length */
async function finishAside(folder: string, number: number, tail: Buffer): Promise<number> {
  const aside = `${logFile(folder, number)}.aside`;
  const handle = await open(aside, 'a');
  let length: number;
  try {
    await handle.appendFile(tail);
    await handle.sync();
    length = (await handle.stat()).size;
  } finally {
    await handle.close();
  }
  await writeFile(committedFile(folder, number), packCommitted(length), { flush: true });
  await rename(aside, logFile(folder, number));
  await syncFolder(folder);
  return length;
}

/** Writes a log of its own, as a backup is one. @returns its length */
export async function writeWhole(folder: string, number: number, payloads: Iterable<Buffer>): Promise<number> {
  await writeAside(folder, number, payloads);
  return finishAside(folder, number, Buffer.alloc(0));
}
