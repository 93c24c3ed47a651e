import { compileConfig } from '../compile/compile-config';
import type { VectorRecallConfig } from '../config';
import { formatOptionValue } from './describe';
import { listOptions } from './list-options';
import type { OptionValue } from './option';

/**
 * The flags that compile to the same options wherever they are given, without a config file or environment variables:
 * those whose value is not what the preset or the default has. Options of the server are no part of a run.
 *
 * @returns name and value of each flag, as in `['batch-size', '512']`
 */
export function flagsOf(config: VectorRecallConfig): readonly (readonly [flag: string, value: string])[] {
  const { preset } = config.training;
  const usual = valuesOf(compileConfig({ flags: preset === 'auto' ? {} : { preset } }));
  const values = valuesOf(config);
  return listOptions().flatMap(({ path, flag, section, key }) => {
    const value = values.get(path);
    if (section === 'server' || value === undefined) return [];
    // A preset fills in other options, so it is named even where its own default would do.
    const isNamed = path === 'training.preset' ? value !== 'auto' : !isSame(value, usual.get(path));
    return isNamed && key !== 'output' ? [[flag, formatOptionValue(value)] as const] : [];
  });
}

function valuesOf(config: VectorRecallConfig): ReadonlyMap<string, OptionValue> {
  return new Map(
    Object.entries(config).flatMap(([section, options]) =>
      Object.entries<OptionValue>(options).map(([key, value]) => [`${section}.${key}`, value] as const),
    ),
  );
}

function isSame(a: OptionValue, b: OptionValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
