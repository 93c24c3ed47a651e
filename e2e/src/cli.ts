import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export const workspaceRoot = join(__dirname, '../..');
const trainerCli = join(workspaceRoot, 'apps/trainer-cli/bin/vector-recall.cjs');

/** What a finished process left. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it has written to stdout so far. */
  stdout(): string;
  /** Resolves as soon as stderr or stdout holds a match, or the process ends. */
  says(pattern: RegExp): Promise<void>;
}

/** Starts `vector-recall` from the workspace root, with no options out of the environment. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  return startProgram(trainerCli, args, env);
}

/** Starts one of our commands as {@link start} does. */
export function startProgram(
  launcher: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  prefix: readonly string[] = [],
): Running {
  const [command, ...rest] = [...prefix, process.execPath, launcher, ...args];
  // What jest sets for its own colours makes Node warn beside NO_COLOR.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VECTOR_RECALL_') && name !== 'FORCE_COLOR',
  );
  const child = spawn(command, rest, {
    cwd: workspaceRoot,
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const tellListeners = () => {
    listeners.forEach((listener) => {
      listener();
    });
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tellListeners();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tellListeners();
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!pattern.test(stderr) && !pattern.test(stdout)) return;
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
      void finished.then(() => {
        resolve();
      });
    });
  return { child, finished, stdout: () => stdout, says };
}

/** Runs `vector-recall` to its end. */
export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return start(args, env).finished;
}

/** Runs a command that must succeed and print exactly one JSON object of the given shape. */
export async function runJson<T>(
  schema: z.ZodType<T>,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json'], env);
  if (code !== 0) throw new Error(`vector-recall ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return schema.parse(JSON.parse(stdout));
}

/** A folder for one suite, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vector-recall-e2e-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A world in which a run takes seconds. */
export const tinyWorld = [
  '--preset=two-layer',
  '--num_users=200',
  '--num_items=1000',
  '--num_interactions=5000',
  '--embedding-dim=32',
  '--batch_size=256',
  '--skip_benchmark',
];
