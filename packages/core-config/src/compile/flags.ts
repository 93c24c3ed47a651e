import { ConfigError } from '../errors';
import { listOptions } from '../options/list-options';
import { suggest } from '../options/suggest';
import { checkOption, findOption, parseText } from './check-option';
import type { Layer } from './compile-config';

/** Values by flag name without dashes, as typed; `true` is a bare flag such as `--skip-benchmark`. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;

/** Reads the options given on the command line. Underscores count as dashes. */
export function readFlags(flags: FlagValues): Layer {
  return new Map(
    Object.entries(flags).flatMap(([name, given]) => {
      if (given === undefined) return [];
      const flag = name.replaceAll('_', '-');
      const option = findOption('flag', flag);
      if (option === undefined) throw unknownFlag(flag);
      const value = typeof given === 'string' ? parseText(option, given) : given;
      return [[option.path, checkOption(option, value, `--${flag}`)] as const];
    }),
  );
}

function unknownFlag(flag: string): ConfigError {
  const near = suggest(
    flag,
    listOptions().map((option) => option.flag),
  );
  return new ConfigError(
    flag,
    `There is no option --${flag}${near === undefined ? '; --help lists them all.' : `; did you mean --${near}?`}`,
  );
}
