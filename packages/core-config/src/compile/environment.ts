import { listOptions } from '../options/list-options';
import { checkOption, parseText } from './check-option';
import type { Layer } from './compile-config';

/** Reads the options that the environment gives. An empty variable counts as not given, as shells make it easy to set one. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Layer {
  return new Map(
    listOptions().flatMap((option) => {
      const text = env[option.env];
      return text === undefined || text === ''
        ? []
        : [[option.path, checkOption(option, parseText(option, text), option.env)] as const];
    }),
  );
}
