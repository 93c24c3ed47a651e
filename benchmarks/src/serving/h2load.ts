import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface H2loadOptions {
  readonly port: number;
  /** Full method, `recall.v1.RecallService/Recall`. */
  readonly method: string;
  /** Files of request frames; a process for each, so that the server does not see one request over and over. */
  readonly frames: readonly string[];
  /** Connections of each process, and calls at once on each of them. */
  readonly connections: number;
  readonly streams: number;
  readonly seconds: number;
  /** Calls per second of all processes together; absent for as many as there can be. */
  readonly callsPerSecond?: number;
}

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

function runOne(options: H2loadOptions, frame: string, log: string): Promise<void> {
  const { port, method, connections, streams, seconds, callsPerSecond, frames } = options;
  const rate = callsPerSecond === undefined ? [] : ['--rps', String(callsPerSecond / frames.length / connections)];
  const args = [
    ...['-c', String(connections), '-m', String(streams), '-t', '1', '-D', String(seconds + warmUpMs / 1000)],
    ...['-d', frame, '-H', 'content-type: application/grpc', '-H', 'te: trailers', '--log-file', log],
    ...rate,
    `http://127.0.0.1:${port}/${method}`,
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
