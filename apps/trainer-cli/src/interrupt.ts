import { exitCodes } from '@vector-recall/command-line';
import { InterruptedError } from './errors';

/** Terminals and runners may deliver one key press twice; a person's second press comes later than this. */
const samePressMs = 400;

/**
 * Runs work that a person may stop: the first Ctrl-C aborts the signal, so that the work ends in order, the second ends
 * the process at once.
 * @param notice what the first Ctrl-C says; without one it ends the process, as the work is short
 */
export async function interruptible<T>(
  stderr: NodeJS.WritableStream,
  notice: string | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  if (notice === undefined) return work(controller.signal);
  let first: number | undefined;
  const onSignal = () => {
    if (first === undefined) {
      first = performance.now();
      stderr.write(`\n${notice}\n`);
      controller.abort(new InterruptedError());
    } else if (performance.now() - first > samePressMs) {
      process.exit(exitCodes.interrupted);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    // After an interrupt they stay: a second Ctrl-C may come until the process has ended.
    if (first === undefined) {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    }
  }
}
