import { addConfigFlags, givenConfigFlags, toUsageError } from '@vector-recall/command-line';
import { Command, CommanderError } from 'commander';
import { benchmarkCommand, buildIndexCommand, evaluateCommand } from './commands/artifact-commands';
import type { CompletedCommand } from './completion/completion-script';
import type { CommandDefinition, CommandGroup, Invocation } from './commands/command';
import { createCompletionCommand } from './commands/completion';
import { configCommand } from './commands/config';
import { doctorCommand } from './commands/doctor';
import { exportCommand } from './commands/export';
import { importCommand } from './commands/import';
import { indexBuildCommand, indexSearchCommand } from './commands/index-commands';
import { initCommand } from './commands/init';
import { modelsCommand } from './commands/models';
import { queryCommand } from './commands/query';
import { recallCommand } from './commands/recall';
import { eventsAppendCommand, itemsDeleteCommand, itemsGetCommand, itemsUpsertCommand } from './commands/item-commands';
import { liveBackupCommand, liveRestoreCommand } from './commands/live-commands';
import { standingClearCommand, standingSetCommand, standingShowCommand } from './commands/standing-commands';
import { infoCommand, reloadCommand, similarCommand } from './commands/server-commands';
import { reportCommand } from './commands/report';
import { trainCommand } from './commands/train';
import { tuneModelCommand } from './commands/tune-model';

export const commands: readonly CommandDefinition[] = [
  initCommand,
  trainCommand,
  tuneModelCommand,
  evaluateCommand,
  buildIndexCommand,
  benchmarkCommand,
  recallCommand,
  queryCommand,
  similarCommand,
  infoCommand,
  reloadCommand,
  itemsUpsertCommand,
  itemsDeleteCommand,
  itemsGetCommand,
  eventsAppendCommand,
  liveBackupCommand,
  liveRestoreCommand,
  standingSetCommand,
  standingShowCommand,
  standingClearCommand,
  modelsCommand,
  reportCommand,
  exportCommand,
  importCommand,
  indexBuildCommand,
  indexSearchCommand,
  doctorCommand,
  configCommand,
  createCompletionCommand(describeCommands),
];

/** A parsed command line. */
export interface ParsedCall {
  readonly definition: CommandDefinition;
  readonly given: Pick<Invocation, 'flags' | 'file' | 'own'>;
}

const introduction = `Candidate retrieval for recommendation: a two-tower model and an HNSW index.

  vector-recall init --data DIR                  write a starter project for a log
  vector-recall train                            train on a synthetic world
  vector-recall train --data movielens:DIR       train on a log
  vector-recall recall --user 7 --top-k 20       find candidates for a user
  vector-recall models list                      see what is in the store
  vector-recall query --user 7                   ask a running server
  vector-recall index build --vectors items.npy --out DIR
                                                 index vectors of your own

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

/** What shells complete: the paths and flags of all commands. */
function describeCommands(): CompletedCommand[] {
  return commands.map((definition) => {
    const { options } = createCommand(definition, () => undefined);
    const flags = options.flatMap(({ long, description }) => (long ? [{ flag: long, summary: description }] : []));
    const path = [definition.group?.name, definition.name].filter((name) => name !== undefined).join(' ');
    return { path, summary: definition.summary, flags: [...flags, { flag: '--help', summary: 'show this help' }] };
  });
}

/** The command that holds those of a group, made for the first of them. */
function groupOf(program: Command, { name, summary }: CommandGroup): Command {
  const known = program.commands.find((command) => command.name() === name);
  return (
    known ?? program.command(name).description(summary).helpOption('-h, --help', 'show this help').helpCommand(false)
  );
}

function withCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withCommands)];
}

/** The command that the first arguments name, or the one whose commands the first other one should name. */
function namedCommand(command: Command, [first, ...rest]: readonly string[]): Command {
  const named = command.commands.find((each) => each.name() === first);
  return named === undefined ? command : namedCommand(named, rest);
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
    const parent = definition.group === undefined ? program : groupOf(program, definition.group);
    parent.addCommand(
      createCommand(definition, (parsed) => {
        call = parsed;
      }),
    );
  }
  for (const command of withCommands(program)) {
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
    throw toUsageError(error, namedCommand(program, args));
  }
  return call;
}
