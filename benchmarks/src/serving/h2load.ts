import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface H2loadTarget {
  readonly port: number;
  /** Full method, `recall.v1.RecallService/Recall`. */
  readonly method: string;
  /** Files of request frames; a process for each, so that the server does not see one request over and over. */
  readonly frames: readonly string[];
  readonly seconds: number;
}

/** As many calls as there can be. */
export interface ClosedH2load extends H2loadTarget {
  /** Connections of each process, and calls at once on each of them. */
  readonly connections: number;
  readonly streams: number;
}

/** Calls at a rate, whatever the answers do. */
export interface PacedH2load extends H2loadTarget {
  /** Calls per second of all processes together. */
  readonly callsPerSecond: number;
}

export type H2loadOptions = ClosedH2load | PacedH2load;

export interface H2loadResult {
  readonly callsPerSecond: number;
  /** Of each call, from its first byte sent to the end of its response. */
  readonly milliseconds: readonly number[];
  /** Calls that ended with another HTTP status than 200. */
  readonly failed: number;
}

/** The calls of the first second are not counted. */
const warmUpMs = 1000;

/**
 * Load from nghttp2's C client, `h2load`. It does not read gRPC's status out of the trailers: whether calls were
 * answered is told by the server's own counters.
 * @throws Error where h2load is not installed (Debian's `nghttp2-client`)
 */
export async function runH2load(options: H2loadOptions): Promise<H2loadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'h2load-'));
  try {
    const logs = options.frames.map((_, process) => join(folder, `${process}.log`));
    await Promise.all(options.frames.map((frame, process) => runOne(options, frame, logs[process])));
    return summarise(logs.flatMap(readLog));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each process of a paced load has this many connections, with many streams: a call that is due waits for no other. */
const PACED_CONNECTIONS = 8;
const PACED_STREAMS = 32;

/**
 * The flags of one process. h2load's timer for a rate ticks every 10 ms, from when a connection was opened. Opened
 * together, connections would call together ever after; opened one after the other they take turns.
 */
function loadFlags(options: H2loadOptions): string[] {
  const seconds = options.seconds + warmUpMs / 1000;
  if (!('callsPerSecond' in options)) {
    return ['-c', options.connections, '-m', options.streams, '-D', seconds].map(String);
  }
  const rate = options.callsPerSecond / options.frames.length;
  const calls = ['-n', Math.max(PACED_CONNECTIONS, Math.round(rate * seconds)), '--rps', rate / PACED_CONNECTIONS];
  return ['-c', PACED_CONNECTIONS, '-m', PACED_STREAMS, '-r', 1, '--rate-period', '1ms', ...calls].map(String);
}

function runOne(options: H2loadOptions, frame: string, log: string): Promise<void> {
  const args = [
    ...['-t', '1', ...loadFlags(options), '-d', frame, '--log-file', log],
    ...['-H', 'content-type: application/grpc', '-H', 'te: trailers'],
    `http://127.0.0.1:${options.port}/${options.method}`,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('h2load', args, { stdio: 'ignore' });
    child.on('error', () => {
      reject(new Error("h2load can't be started; install it (Debian: apt-get install nghttp2-client)."));
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`h2load ended with ${code ?? 'a signal'}.`));
    });
  });
}

interface LoggedCall {
  readonly startMs: number;
  readonly status: number;
  readonly ms: number;
}

function readLog(file: string): LoggedCall[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [start, status, micros] = line.split('\t').map(Number);
    return { startMs: start / 1000, status, ms: micros / 1000 };
  });
}

function summarise(all: readonly LoggedCall[]): H2loadResult {
  const first = all.reduce((least, { startMs }) => Math.min(least, startMs), Infinity) + warmUpMs;
  const calls = all.filter(({ startMs }) => startMs >= first);
  const last = calls.reduce((most, { startMs, ms }) => Math.max(most, startMs + ms), 0);
  return {
    callsPerSecond: (calls.length * 1000) / (last - first),
    milliseconds: calls.map(({ ms }) => ms),
    failed: calls.filter(({ status }) => status !== 200).length,
  };
}
