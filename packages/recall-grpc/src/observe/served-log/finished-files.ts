import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { impressionColumns } from './served-lines';

/** What is being written ends with this, so that no reader takes it for whole. */
export const PART = '.part';
export const kinds = ['requests', 'impressions'] as const;
export type Kind = (typeof kinds)[number];

/** Time, process and number, which make names that sort by time: `20261129T120000Z-812-1`. */
const NAME = /^(\d{8}T\d{6}Z-(\d+)-\d+)\.(requests|impressions)\.jsonl(\.part)?$/;

export function fileName(stem: string, kind: Kind): string {
  return `${stem}.${kind}.jsonl`;
}

interface Found {
  readonly file: string;
  readonly stem: string;
  readonly pid: number;
  readonly kind: Kind;
  readonly isPart: boolean;
  readonly bytes: number;
}

/** The files of a log in the order of their names; those of other processes may come and go. */
function listFiles(folder: string): Found[] {
  const found: Found[] = [];
  for (const file of readdirSync(folder).toSorted()) {
    const match = NAME.exec(file);
    const size = match === null ? undefined : statSync(join(folder, file), { throwIfNoEntry: false })?.size;
    if (match === null || size === undefined) continue;
    const kind = match[3] === 'requests' ? 'requests' : 'impressions';
    found.push({ file, stem: match[1], pid: Number(match[2]), kind, isPart: file.endsWith(PART), bytes: size });
  }
  return found;
}

/** Takes up what processes have left unfinished that live no more: whole lines are kept. */
export function finishLeftovers(folder: string): void {
  for (const { file, pid, isPart, bytes } of listFiles(folder)) {
    if (!isPart || (pid !== process.pid && isAlive(pid))) continue;
    const path = join(folder, file);
    const whole = bytes - tailWithoutBreak(path, bytes);
    if (whole < bytes) truncateSync(path, whole);
    renameSync(path, path.slice(0, -PART.length));
  }
}

/** Deletes the oldest finished files until the others are within a size. */
export function deleteOldest(folder: string, maxBytes: number): void {
  const finished = listFiles(folder).filter(({ isPart }) => !isPart);
  let bytes = finished.reduce((sum, file) => sum + file.bytes, 0);
  for (const stem of new Set(finished.map((file) => file.stem))) {
    if (bytes <= maxBytes) return;
    for (const file of finished.filter((each) => each.stem === stem)) {
      rmSync(join(folder, file.file), { force: true });
      bytes -= file.bytes;
    }
  }
}

/**
 * Writes the description by which the impressions are read as a log, or removes it where there are none. Workers do so at
 * the same time, so it is written until it is true.
 */
export function describeImpressions(folder: string): void {
  const path = join(folder, 'dataset.yaml');
  for (let written: string | undefined; ;) {
    const text = descriptionOf(folder);
    if (text === undefined) rmSync(path, { force: true });
    if (text === undefined || text === written) return;
    const aside = `${path}.aside-${process.pid}`;
    writeFileSync(aside, text);
    renameSync(aside, path);
    written = text;
  }
}

function descriptionOf(folder: string): string | undefined {
  const files = listFiles(folder).filter(({ kind, isPart, bytes }) => kind === 'impressions' && !isPart && bytes > 0);
  if (files.length === 0) return undefined;
  const contexts = files.map(({ file }) => contextOf(join(folder, file))).filter((names) => names !== undefined);
  // A model that was served for a while may have read more of a request than another one.
  const context = (contexts.at(0) ?? []).filter((name) => contexts.every((names) => names.includes(name)));
  return [
    '# Written by vector-recall-server --log-served, and again whenever it finishes or deletes a file: describe files of your own',
    '# in another folder. The rows are what was returned, not what was liked. Join them with clicks by "request" before you train.',
    'name: served',
    'interactions:',
    `  file: ${JSON.stringify(files.map(({ file }) => file))}`,
    '  user: user',
    '  item: item',
    '  timestamp: { column: at, unit: ms }',
    '  repeats: rank',
    ...(context.length === 0 ? [] : [`  context: ${JSON.stringify(context)}`]),
    '',
  ].join('\n');
}

/** The columns of the context in a file: every line has them all. `undefined` where another process has deleted it. */
function contextOf(path: string): string[] | undefined {
  if (!existsSync(path)) return undefined;
  const line: unknown = JSON.parse(firstLine(path));
  if (typeof line !== 'object' || line === null) return [];
  return Object.keys(line).filter((key) => !impressionColumns.includes(key));
}

function firstLine(path: string): string {
  const file = openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let at = 0; ;) {
      const block = Buffer.alloc(4096);
      const read = readSync(file, block, 0, block.length, at);
      const end = block.subarray(0, read).indexOf(0x0a);
      pieces.push(block.subarray(0, end === -1 ? read : end));
      if (end !== -1 || read === 0) return Buffer.concat(pieces).toString('utf8');
      at += read;
    }
  } finally {
    closeSync(file);
  }
}

/** Bytes behind the last line break. */
function tailWithoutBreak(path: string, bytes: number): number {
  const file = openSync(path, 'r');
  try {
    const block = Buffer.alloc(65_536);
    let tail = 0;
    for (let end = bytes; end > 0;) {
      const start = Math.max(0, end - block.length);
      readSync(file, block, 0, end - start, start);
      const last = block.subarray(0, end - start).lastIndexOf(0x0a);
      if (last !== -1) return tail + (end - start - 1 - last);
      tail += end - start;
      end = start;
    }
    return tail;
  } finally {
    closeSync(file);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of another user, but alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
