import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { TrackingLibraryError, TrackingProcessError } from '../errors';

/** Reads calls and makes them with the official library. The same path from `src` and from `dist`. */
const SCRIPT = join(__dirname, '../../python/wandb_run.py');

/** The library itself gives a server up after 90 s, and says so. */
const ANSWER_MS = 100_000;

const answerSchema = z.union([
  z.strictObject({ ready: z.string() }),
  z.strictObject({ missing: z.string() }),
  z.strictObject({ failed: z.string() }),
  z.strictObject({ done: z.literal(true) }),
]);
type Answer = z.output<typeof answerSchema>;

/** A Python process with the `wandb` library. It ends its run as failed when this process is gone. */
export class WandbProcess {
  readonly #answers: AsyncIterator<string>;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.stderr.resume();
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    // Whoever waits for an answer waits with a timer; nobody else has to stay for this process.
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
  }

  /**
   * @param python the interpreter's command
   * @throws TrackingLibraryError where the interpreter or its library `wandb` is missing
   */
  static async start(python: string, env: Readonly<Record<string, string | undefined>>): Promise<WandbProcess> {
    // In a group of its own, so that Ctrl-C reaches the training alone, which then ends the run.
    const child = spawn(python, [SCRIPT], { env: { ...process.env, ...env }, detached: true });
    const process_ = new WandbProcess(child);
    const answer = await process_.#next();
    if (answer !== undefined && 'ready' in answer) return process_;
    child.kill('SIGKILL');
    throw answer !== undefined && 'missing' in answer
      ? TrackingLibraryError.ofLibrary(python, answer.missing)
      : TrackingLibraryError.ofInterpreter(python);
  }

  /**
   * Makes a call of the script and waits until it is done.
   * @throws TrackingProcessError where the library refuses it, or the process ends or falls silent
   */
  async call(call: 'start' | 'log' | 'end', fields: Readonly<Record<string, unknown>>): Promise<void> {
    this.child.stdin.write(`${JSON.stringify({ call, ...fields })}\n`);
    const answer = await this.#next();
    if (answer !== undefined && 'done' in answer) return;
    this.child.kill('SIGKILL');
    throw new TrackingProcessError(answer !== undefined && 'failed' in answer ? answer.failed : undefined);
  }

  /** Waits until the process has ended by itself. */
  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await inTime(once(this.child, 'exit'));
  }

  /** The next answer; `undefined` where the process ended, fell silent or said something else. */
  async #next(): Promise<Answer | undefined> {
    const line = await inTime(this.#answers.next());
    if (line === undefined || line.done === true) return undefined;
    try {
      return answerSchema.safeParse(JSON.parse(line.value)).data;
    } catch {
      return undefined;
    }
  }
}

async function inTime<Value>(waited: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS, undefined);
  });
  try {
    return await Promise.race([waited, late]);
  } finally {
    clearTimeout(timer);
  }
}
