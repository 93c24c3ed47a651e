import { ConfigError, ConfigFileError, namedFileErrorOf } from '@vector-recall/core-config';
import { UsageError } from './errors';
import { write, type Streams } from './streams';

export const exitCodes = { failure: 1, usage: 2, notPromoted: 3, interrupted: 130 } as const;

/** An error as the command line shows it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

/** Codes of errors that say that the work was stopped from outside. */
const interruptions = new Set(['TRAINING_INTERRUPTED', 'INTERRUPTED']);

function codeOf(error: unknown): string {
  const coded = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof coded === 'string' ? coded : 'UNEXPECTED';
}

/** Turns whatever was thrown into one sentence and an exit code. */
export function describeFailure(thrown: unknown): Failure {
  const error = namedFileErrorOf(thrown);
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const usage = error instanceof UsageError || error instanceof ConfigError || error instanceof ConfigFileError;
  return {
    code,
    message,
    exitCode: usage ? exitCodes.usage : interruptions.has(code) ? exitCodes.interrupted : exitCodes.failure,
  };
}

export interface FailureOptions {
  /** The command's name, which begins the sentence. */
  readonly program: string;
  /** Whether a program listens on stdout. */
  readonly json: boolean;
  /** Whether to show where it happened. */
  readonly verbose: boolean;
}

/**
 * Prints a failure: its sentence on stderr, with the stack only when asked for, and as JSON where a program listens.
 * @returns the exit code
 */
export async function printFailure(error: unknown, options: FailureOptions, streams: Streams): Promise<number> {
  const { code, message, exitCode } = describeFailure(error);
  const hint = code === 'UNEXPECTED' && !options.verbose ? ' (--verbose shows where it happened)' : '';
  await write(streams.stderr, `${options.program}: ${message}${hint}\n`);
  if (options.verbose && error instanceof Error) await write(streams.stderr, `${error.stack ?? ''}\n`);
  if (options.json) await write(streams.stdout, `${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
  return exitCode;
}
