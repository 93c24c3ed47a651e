import { configSchema, type VectorRecallConfig } from '../config';
import { hnswPresets, hnswSchema } from '../sections/hnsw';
import type { OptionValue } from '../options/option';
import { readEnvironment } from './environment';
import { readConfigFile } from './config-file';
import { readFlags, type FlagValues } from './flags';
import { readStored } from './stored';

/** Where options come from. Each layer wins over the ones above it in this list. */
export interface ConfigSources {
  /** Options stored with an artifact: they take the place of the defaults. */
  readonly base?: VectorRecallConfig;
  /** A YAML or JSON file. */
  readonly file?: string;
  /** Environment variables, as in `VECTOR_RECALL_BATCH_SIZE=512`; names that belong to no option are left alone. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Values by flag name without dashes (`batch-size` or `batch_size`), as typed, or `true` for a bare flag. */
  readonly flags?: FlagValues;
}

/** Option values by path, as in `training.batchSize`. Checked one by one when they were read. */
export type Layer = ReadonlyMap<string, OptionValue>;

function presetLayer(given: Layer): Layer {
  const name = given.get('hnsw.preset');
  const preset = name === undefined ? {} : hnswPresets[hnswSchema.shape.preset.parse(name)];
  // Who names a target wants the search that reaches it, and not the one of a preset or of a stored index.
  const search = given.has('hnsw.targetRecall') ? { efSearch: 0 } : {};
  return new Map(Object.entries({ ...preset, ...search }).map(([key, value]) => [`hnsw.${key}`, value]));
}

function nest(values: Layer): Record<string, Record<string, OptionValue>> {
  const sections: Record<string, Record<string, OptionValue>> = {};
  for (const [path, value] of values) {
    const [section = '', key = ''] = path.split('.');
    (sections[section] ??= {})[key] = value;
  }
  return sections;
}

/** Freezes an object and all it holds, so that no room can change an option that another has already read. */
function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value) as unknown[]) {
    if (typeof child === 'object' && child !== null) deepFreeze(child);
  }
  return Object.freeze(value);
}

/**
 * Compiles the options of one run: defaults, then preset, file, environment and flags, the later ones winning.
 * @throws ConfigError for an option that is unknown, of the wrong type or out of range; it says where it was given
 * @throws ConfigFileError for a file that can't be read or parsed
 */
export function compileConfig(sources: ConfigSources = {}): VectorRecallConfig {
  const given: Layer = new Map([
    ...(sources.file === undefined ? [] : readConfigFile(sources.file)),
    ...readEnvironment(sources.env ?? {}),
    ...readFlags(sources.flags ?? {}),
  ]);
  const stored = sources.base === undefined ? [] : readStored(sources.base);
  return deepFreeze(configSchema.parse(nest(new Map([...stored, ...presetLayer(given), ...given]))));
}
