import { listOptions } from '@vector-recall/core-config';

/**
 * Brings every spelling of a flag to the one that is declared: underscores become dashes (`--num_users`), and
 * `--no-FLAG` turns a boolean option off. Values, and whatever follows a bare `--`, stay as they are.
 */
export function normaliseArguments(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((argument, index) => (end >= 0 && index >= end ? argument : normalise(argument)));
}

function normalise(argument: string): string {
  if (!argument.startsWith('--')) return argument;
  const equals = argument.indexOf('=');
  const name = argument.slice(2, equals < 0 ? undefined : equals).replaceAll('_', '-');
  const value = equals < 0 ? '' : argument.slice(equals);
  const negated = name.startsWith('no-') ? name.slice('no-'.length) : undefined;
  const option = listOptions().find(({ flag, type }) => type === 'boolean' && flag === negated);
  return option !== undefined && value === '' ? `--${option.flag}=false` : `--${name}${value}`;
}
