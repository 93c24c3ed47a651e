import { listOptions, suggest } from '@vector-recall/core-config';
import type { Command, CommanderError } from 'commander';
import { UsageError } from './errors';

function named(message: string): string {
  return /'([^']*)'/.exec(message)?.[1] ?? '';
}

function hint(word: string, names: readonly string[], otherwise: string): string {
  const near = suggest(word, names);
  return near === undefined ? `; ${otherwise}.` : `; did you mean ${near}?`;
}

/** The one of these flags whose option another program calls `word`. */
function flagCalled(word: string, flags: readonly string[]): string | undefined {
  const option = listOptions().find(
    ({ flag, alsoCalled }) => `--${alsoCalled}` === word && flags.includes(`--${flag}`),
  );
  return option && `--${option.flag}`;
}

function wrongChoice(message: string, command: Command, path: string): string {
  const word = named(message);
  const choices = command.registeredArguments.find(({ argChoices }) => argChoices !== undefined)?.argChoices ?? [];
  return `There is no ${path} ${word}${hint(word, choices, `there is ${choices.join(', ')}`)}`;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/**
 * Words the complaints of the argument parser as one sentence that says what to do.
 * @param command the one that was named, or the program where none was
 */
export function toUsageError(error: CommanderError, command: Command): UsageError {
  const word = named(error.message);
  const path = pathOf(command);
  const names = command.commands.map((each) => each.name());
  switch (error.code) {
    // What the parser does when no command is named.
    case 'commander.help':
      return new UsageError(`Name a command: ${names.join(', ')}.`);
    case 'commander.unknownOption': {
      const flags = command.options.map(({ long }) => long ?? '');
      const meant = flagCalled(word, flags);
      const end = meant === undefined ? hint(word, flags, `${path} --help lists them all`) : `; did you mean ${meant}?`;
      return new UsageError(`There is no option ${word}${end}`);
    }
    case 'commander.unknownCommand':
      return new UsageError(`There is no command ${word}${hint(word, names, `the commands are ${names.join(', ')}`)}`);
    case 'commander.optionMissingArgument':
      return new UsageError(`${word.split(' ')[0] ?? word} needs a value, as in ${word}.`);
    case 'commander.missingMandatoryOptionValue':
      return new UsageError(`${path} needs ${word}.`);
    case 'commander.missingArgument':
      return new UsageError(`${path} needs <${word}>; ${path} --help shows how it is used.`);
    case 'commander.invalidArgument':
      return new UsageError(wrongChoice(error.message, command, path));
    case 'commander.excessArguments':
      if (command.registeredArguments.length > 0) {
        return new UsageError(`${path} has too many arguments; ${path} --help shows how it is used.`);
      }
      return new UsageError(`${path} takes no arguments besides its options; ${path} --help lists them.`);
    default:
      return new UsageError(`${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}.`);
  }
}
