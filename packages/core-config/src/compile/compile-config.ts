import { configSchema, type VectorRecallConfig } from '../config';
import { hnswPresets, hnswSchema } from '../sections/hnsw';
import { trainingSchema } from '../sections/training';
import { type PresetName, trainingPresets } from '../sections/training-presets';
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
  /** The preset that `auto` stands for, once the data has decided. */
  readonly auto?: PresetName;
}

/** Option values by path, as in `training.batchSize`. Checked one by one when they were read. */
export type Layer = ReadonlyMap<string, OptionValue>;

/** The preset of model and training; none while `auto` is not decided, or where stored options take its place. */
function trainingPreset(given: Layer, { base, auto }: ConfigSources): Layer {
  const asked = given.get('training.preset') ?? (base === undefined ? 'auto' : undefined);
  if (asked === undefined) return new Map();
  const parsed = trainingSchema.shape.preset.parse(asked);
  const name = parsed === 'auto' ? auto : parsed;
  if (name === undefined) return new Map();
  return new Map([['training.preset', name], ...Object.entries(trainingPresets[name])]);
}

function indexPreset(given: Layer): Layer {
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

/** Options by section and key, as in a config file; what was not given is absent. */
export type GivenOptions = Readonly<Partial<Record<string, Readonly<Partial<Record<string, OptionValue>>>>>>;

type GivenSources = Pick<ConfigSources, 'file' | 'env' | 'flags'>;

/**
 * The options that a run was given, without the defaults and presets that fill in the others.
 *
 * @throws ConfigError and ConfigFileError as {@link compileConfig}
 */
export function givenOptions(sources: GivenSources): GivenOptions {
  return deepFreeze(nest(readGiven(sources)));
}

function readGiven({ file, env = {}, flags = {} }: GivenSources): Layer {
  return new Map([...(file === undefined ? [] : readConfigFile(file)), ...readEnvironment(env), ...readFlags(flags)]);
}

/**
 * Compiles the options of one run: defaults, then presets, file, environment and flags, the later ones winning. With
 * {@link ConfigSources.auto}, `training.preset` names the preset that `auto` came to.
 *
 * @throws ConfigError for an option that is unknown, of the wrong type or out of range; it says where it was given
 * @throws ConfigFileError for a file that can't be read or parsed
 */
export function compileConfig(sources: ConfigSources = {}): VectorRecallConfig {
  const given = readGiven(sources);
  const stored = sources.base === undefined ? [] : readStored(sources.base);
  const preset = trainingPreset(given, sources);
  const options = new Map([...stored, ...indexPreset(given), ...preset, ...given]);
  const name = preset.get('training.preset');
  if (name !== undefined) options.set('training.preset', name);
  return deepFreeze(configSchema.parse(nest(options)));
}
