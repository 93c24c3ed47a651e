import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@vector-recall/random';

interface H2loadTarget {
  readonly port: number;
  /** Full method, `recall.v1.RecallService/Recall`. */
  readonly method: string;
  /** Files of request frames; a process or more for each, so that the server does not see one request over and over. */
  readonly frames: readonly string[];
  readonly seconds: number;
}

/** As many calls as there can be. */
export interface ClosedH2load extends H2loadTarget {
  /** Connections of each process, and calls at once on each of them. */
  readonly connections: number;
  readonly streams: number;
}

/** Calls at a mean rate, whatever the answers do. */
export interface PacedH2load extends H2loadTarget {
  /**
   * `random` as the calls of many users come (exponential gaps, a Poisson process), from as many processes as keep up
   * with it; `ticks` of 10 ms, with connections in turns.
   */
  readonly arrivals: 'random' | 'ticks';
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
    const logs = Array.from({ length: processesFor(options) }, (_, process) => join(folder, `${process}.log`));
    await Promise.all(logs.map((log, process) => runOne(options, process, log)));
    return summarise(logs.flatMap(readLog));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of a process that calls at random: more calls at once than ever wait, so that one that is due waits for no other. */
const RANDOM_STREAMS = 1000;

/**
 * Calls a second of a process at random times. With 1,000, most gaps are shorter than h2load's timer can tell and the
 * rate is overrun by a tenth; with 400, the processes take so much of two cores that the server answers fewer calls.
 */
const RANDOM_RATE = 700;

/** h2load waits for whole milliseconds and counts a gap from the call before: each call is late by about so much. */
const TIMER_LATE_MS = 0.55;

/** Of a process that calls in ticks: this many connections, with many streams. */
const TICKING_CONNECTIONS = 8;
const TICKING_STREAMS = 32;

function processesFor(options: H2loadOptions): number {
  const { length } = options.frames;
  if (!('callsPerSecond' in options) || options.arrivals === 'ticks') return length;
  return Math.max(length, Math.ceil(options.callsPerSecond / RANDOM_RATE));
}

/** The flags of one process, up to where it calls. */
function loadFlags(options: H2loadOptions, process: number, url: string, script: string): string[] {
  const seconds = options.seconds + warmUpMs / 1000;
  if (!('callsPerSecond' in options)) {
    return ['-c', options.connections, '-m', options.streams, '-D', seconds, url].map(String);
  }
  const rate = options.callsPerSecond / processesFor(options);
  if (options.arrivals === 'random') {
    writeFileSync(script, randomCalls(rate, seconds, url, new RandomStream(process, 'arrivals')));
    return ['-c', '1', '-m', String(RANDOM_STREAMS), '--timing-script-file', script];
  }
  // Opened together, connections would call together ever after; opened one after the other they take turns.
  const calls = ['-n', Math.max(TICKING_CONNECTIONS, Math.round(rate * seconds)), '--rps', rate / TICKING_CONNECTIONS];
  const connections = ['-c', TICKING_CONNECTIONS, '-m', TICKING_STREAMS, '-r', 1, '--rate-period', '1ms'];
  return [...connections, ...calls, url].map(String);
}

/** A line for each call: milliseconds after the start, and where to. */
function randomCalls(rate: number, seconds: number, url: string, random: RandomStream): string {
  const lines: string[] = [];
  let written = 0;
  for (let due = 0; due < seconds * 1000;) {
    lines.push(`${written.toFixed(3)}\t${url}`);
    const gap = (-Math.log(1 - random.uniform()) * 1000) / rate;
    due += gap;
    written += Math.max(0, gap - TIMER_LATE_MS);
  }
  return lines.join('\n');
}

function runOne(options: H2loadOptions, process: number, log: string): Promise<void> {
  const url = `http://127.0.0.1:${options.port}/${options.method}`;
  const args = [
    ...['-t', '1', '-d', options.frames[process % options.frames.length], '--log-file', log],
    ...['-H', 'content-type: application/grpc', '-H', 'te: trailers'],
    ...loadFlags(options, process, url, `${log}.script`),
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
