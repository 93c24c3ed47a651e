import { addConfigFlags, givenConfigFlags, toUsageError } from '@vector-recall/command-line';
import type { FlagValues } from '@vector-recall/core-config';
import { Command, CommanderError } from 'commander';

/** A parsed command line. */
export interface ServerCall {
  /** Option flags by name, as typed. */
  readonly flags: FlagValues;
  /** The config file, if one was given. */
  readonly file?: string;
}

export const programName = 'vector-recall-server';

const introduction = `Serves the promoted version of an artifact store over gRPC.

  vector-recall-server --artifacts artifacts --port 50051

SIGHUP loads the promoted version, though a promotion is noticed without it.
SIGTERM and SIGINT finish the calls in flight, then stop.

Options also come from a file (--config server.yaml) and from the environment
(VECTOR_RECALL_PORT=50051); flags win. Underscores do for dashes.`;

/**
 * Parses a command line.
 * @param print takes the text of `--help` and `--version`
 * @returns undefined when help or the version was asked for
 * @throws UsageError
 */
export function parseServerCall(
  args: readonly string[],
  version: string,
  print: (text: string) => void,
): ServerCall | undefined {
  const program = new Command(programName)
    .description(introduction)
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false)
    .option('--verbose', 'show where an error happened')
    .option('--config <file>', 'read options from a YAML or JSON file')
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => undefined })
    .showSuggestionAfterError(false);
  addConfigFlags(program, ({ section }) => section === 'server');
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw toUsageError(error, program);
  }
  const { config: file } = program.opts<{ config?: string }>();
  return { flags: givenConfigFlags(program), file };
}
