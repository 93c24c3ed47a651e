import {
  describeAllowed,
  formatOptionValue,
  listOptions,
  type ConfigOption,
  type FlagValues,
} from '@vector-recall/core-config';
import { Option, type Command } from 'commander';

const headings: Readonly<Record<ConfigOption['section'], string>> = {
  data: 'Data:',
  model: 'Model:',
  training: 'Training:',
  evaluation: 'Evaluation:',
  hnsw: 'Index:',
  runtime: 'Runtime:',
  server: 'Server:',
};

const placeholders: Readonly<Record<ConfigOption['type'], string>> = {
  integer: '<n>',
  number: '<x>',
  boolean: '[true|false]',
  string: '<text>',
  integers: '<n,…>',
};

/** Default, allowed values and unit of an option, as help shows them. */
function describe(option: ConfigOption, stored: boolean): string {
  const value = formatOptionValue(option.default);
  const parts = [
    // On an artifact, an option that isn't given keeps the value it was trained with.
    stored ? 'default: as stored' : `default: ${value === '' ? 'none' : value}`,
    // What a boolean takes stands beside its flag already.
    ...(option.type === 'boolean' || describeAllowed(option) === '' ? [] : [describeAllowed(option)]),
    ...(option.unit === undefined ? [] : [option.unit]),
  ];
  return `${option.description} (${parts.join('; ')})`;
}

/**
 * Declares the flags of options on a command. They come out of the option schemas, so no flag is written by hand.
 * @param accepts which options the command takes
 * @param stored whether options that are not given keep the values stored with an artifact
 */
export function addConfigFlags(command: Command, accepts: (option: ConfigOption) => boolean, stored = false): void {
  for (const option of listOptions().filter(accepts)) {
    const keepsStored = stored && option.section !== 'runtime';
    command.addOption(
      new Option(`--${option.flag} ${placeholders[option.type]}`, describe(option, keepsStored)).helpGroup(
        headings[option.section],
      ),
    );
  }
}

/** The option flags that were given, by name, as typed. */
export function givenConfigFlags(command: Command): FlagValues {
  const flags = new Set(listOptions().map(({ flag }) => flag));
  return Object.fromEntries(
    command.options.flatMap((option) => {
      const flag = option.long?.slice('--'.length) ?? '';
      const value: unknown = command.getOptionValue(option.attributeName());
      if (!flags.has(flag) || (typeof value !== 'string' && typeof value !== 'boolean')) return [];
      return [[flag, value] as const];
    }),
  );
}
