import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LiveLogError } from '../errors';
import { FORMAT_VERSION, readCommitted, readHeader, readRecords } from './log-format';

/** The log with this number; a higher one holds all that a lower one says that still counts. */
export const logFile = (folder: string, number: number): string =>
  join(folder, `changes-${String(number).padStart(8, '0')}.log`);

/** Beside a log: how far it was acknowledged. */
export const committedFile = (folder: string, number: number): string => `${logFile(folder, number)}.committed`;

const NAME = /^changes-(\d{8})\.log$/;

/** A log that was read and found in order. */
export interface ReadLog {
  readonly number: number;
  /** Where its whole records end. */
  readonly length: number;
  /** What stands behind them: the rest of a write that was never acknowledged. */
  readonly tornBytes: number;
}

/** The numbers of the logs in a folder, ascending. */
export async function listLogs(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => (NAME.exec(name) === null ? [] : [Number(name.slice(8, 16))]))
    .toSorted((a, b) => a - b);
}

/**
 * Reads a log without changing it.
 *
 * @param take is called with each record in order
 * @throws LiveLogError where anything that was acknowledged is missing or damaged
 */
export async function readLog(folder: string, number: number, take: (payload: Buffer) => void): Promise<ReadLog> {
  const file = logFile(folder, number);
  const advice = 'restore a backup with "vector-recall live restore", or move the folder away to start without changes';
  // Before the log itself, which may grow meanwhile.
  const committed = await committedLength(folder, number);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new LiveLogError(file, 'unreadable', `${file} can't be read; mend the disk or ${advice}.`, { cause });
  });
  const header = readHeader(bytes);
  if (header === 'newer') {
    const versions = `of format ${bytes.readUInt32LE(8)}, but this release reads format ${FORMAT_VERSION}`;
    throw new LiveLogError(file, 'newer', `${file} is ${versions}; use the release that wrote it, or a later one.`);
  }
  if (header !== 'current') throw new LiveLogError(file, header, `${file} is not a log of changes; ${advice}.`);
  const length = readRecords(bytes, take);
  if (bytes.length < committed) {
    const lost = `${committed - bytes.length} acknowledged bytes are missing at the end of ${file}`;
    throw new LiveLogError(file, 'truncated', `${lost}; ${advice}.`);
  }
  if (length < committed) {
    throw new LiveLogError(file, 'damaged', `${file} is damaged at byte ${length}, which was acknowledged; ${advice}.`);
  }
  return { number, length, tornBytes: bytes.length - length };
}

async function committedLength(folder: string, number: number): Promise<number> {
  const file = committedFile(folder, number);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new LiveLogError(file, 'unreadable', `${file} can't be read, which says how far the log beside it goes.`, {
      cause,
    });
  });
  const length = readCommitted(bytes);
  if (length !== undefined) return length;
  throw new LiveLogError(file, 'damaged', `${file} is damaged, which says how far the log beside it goes.`);
}

/** Removes the logs that a later one has replaced, and what was left of writing one. */
export async function removeOldLogs(folder: string, current: number): Promise<void> {
  const keep = new Set([logFile(folder, current), committedFile(folder, current)]);
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (name.startsWith('changes-') && !keep.has(file)) await rm(file, { force: true });
  }
}

/** Creates a folder, and waits until the disk has the names in it. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await syncFolder(folder);
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
