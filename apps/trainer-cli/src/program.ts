import { addConfigFlags, givenConfigFlags, toUsageError } from '@vector-recall/command-line';
import { Command, CommanderError } from 'commander';
import { benchmarkCommand, buildIndexCommand, evaluateCommand } from './commands/artifact-commands';
import type { CommandDefinition, Invocation } from './commands/command';
import { configCommand } from './commands/config';
import { doctorCommand } from './commands/doctor';
import { modelsCommand } from './commands/models';
import { queryCommand } from './commands/query';
import { recallCommand } from './commands/recall';
import { trainCommand } from './commands/train';

export const commands: readonly CommandDefinition[] = [
  trainCommand,
  evaluateCommand,
  buildIndexCommand,
  benchmarkCommand,
  recallCommand,
  queryCommand,
  modelsCommand,
  doctorCommand,
  configCommand,
];

/** A parsed command line. */
export interface ParsedCall {
  readonly definition: CommandDefinition;
  readonly given: Pick<Invocation, 'flags' | 'file' | 'own'>;
}

const introduction = `Candidate retrieval for recommendation: a two-tower model and an HNSW index.

  vector-recall train                            train on a synthetic world
  vector-recall train --data movielens:DIR       train on a log
  vector-recall recall --user 7 --top-k 20       find candidates for a user
  vector-recall models list                      see what is in the store
  vector-recall query --user 7                   ask a running server

Options also come from a file (--config run.yaml) and from the environment
(VECTOR_RECALL_BATCH_SIZE=512); flags win. Underscores do for dashes.`;

/** The arguments that were given beside the flags, by their declared names. */
function givenArguments(command: Command): Record<string, unknown> {
  const values = command.processedArgs as readonly unknown[];
  return Object.fromEntries(command.registeredArguments.map((argument, place) => [argument.name(), values[place]]));
}

function createCommand(definition: CommandDefinition, onCall: (call: ParsedCall) => void): Command {
  const command = new Command(definition.name)
    .description(definition.summary)
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false)
    .option('--json', 'print exactly one JSON object on stdout; progress goes to stderr')
    .option('--verbose', 'show where an error happened')
    .option('--config <file>', 'read options from a YAML or JSON file');
  definition.declare?.(command);
  addConfigFlags(command, (option) => definition.accepts(option), definition.usesStoredConfig);
  command.action(() => {
    const own = { ...command.opts<Record<string, unknown>>(), ...givenArguments(command) };
    const file = own['config'];
    onCall({
      definition,
      given: { flags: givenConfigFlags(command), file: typeof file === 'string' ? file : undefined, own },
    });
  });
  return command;
}

/**
 * Parses a command line.
 * @param print takes the text of `--help` and `--version`
 * @returns undefined when help or the version was asked for
 * @throws UsageError
 */
export function parseCall(
  args: readonly string[],
  version: string,
  print: (text: string) => void,
): ParsedCall | undefined {
  let call: ParsedCall | undefined;
  const program = new Command('vector-recall')
    .description(introduction)
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false);
  for (const definition of commands) {
    program.addCommand(
      createCommand(definition, (parsed) => {
        call = parsed;
      }),
    );
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: print, writeErr: () => undefined })
      .showSuggestionAfterError(false);
  }
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw toUsageError(error, program, program.commands.find((command) => command.name() === args[0]) ?? program);
  }
  return call;
}
