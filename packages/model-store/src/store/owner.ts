import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isErrno } from './files';

/**
 * Who is writing, as part of a file name: `<host>.<pid>.<start>`. The process id alone is not enough, since ids are used
 * again, and since a folder may be shared by machines or containers whose ids say nothing to one another.
 */
export interface Owner {
  /** Eight hex digits of machine, boot and process-id namespace: within one, process ids can be compared. */
  readonly host: string;
  readonly pid: number;
  /** When the process began, in clock ticks since boot; 0 where the system does not tell. */
  readonly start: string;
}

export function currentOwner(): Owner {
  return { host: hostKey(), pid: process.pid, start: startOf(process.pid) ?? '0' };
}

export function formatOwner({ host, pid, start }: Owner): string {
  return `${host}.${pid}.${start}`;
}

/** @returns `undefined` where the text is not an owner */
export function parseOwner(text: string): Owner | undefined {
  const match = /^([0-9a-f]{8})\.(\d+)\.(\d+)$/.exec(text);
  return match === null ? undefined : { host: match[1], pid: Number(match[2]), start: match[3] };
}

/** Whether the process is at work: `unknown` where it belongs to another machine, boot or container. */
export function stateOf(owner: Owner): 'alive' | 'gone' | 'unknown' {
  if (owner.host !== hostKey()) return 'unknown';
  if (!isAlive(owner.pid)) return 'gone';
  const start = startOf(owner.pid);
  // The id was given to a later process.
  if (start !== undefined && owner.start !== '0' && start !== owner.start) return 'gone';
  return 'alive';
}

function hostKey(): string {
  const facts = [
    hostname(),
    orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 8);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    return !isErrno(error, 'ESRCH');
  }
}

function startOf(pid: number): string | undefined {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the command in parentheses, which may hold anything; the start is the 22nd (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.length > 19 ? fields[19] : undefined;
}

/** Systems without /proc have none of these files. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
