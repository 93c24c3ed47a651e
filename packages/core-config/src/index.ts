export { compileConfig, givenOptions, type ConfigSources, type GivenOptions } from './compile/compile-config';
export type { FlagValues } from './compile/flags';
export {
  configSchema,
  sectionSchemas,
  type SectionName,
  type VectorRecallConfig,
  type VectorRecallConfigInput,
} from './config';
export { ConfigError, ConfigFileError, FileContentError } from './errors';
export { errnoOf, FileError, fileErrorOf, namedFileErrorOf, usingFile, type FileAction } from './files/file-error';
export { parseYaml, type YamlProblem, type YamlText } from './files/parse-yaml';
export { readTextFile } from './files/read-text';
export { flagsOf } from './options/command-flags';
export { describeAllowed, formatOptionValue } from './options/describe';
export { listOptions } from './options/list-options';
export type { ConfigOption, OptionRange, OptionType, OptionValue } from './options/option';
export { renderOptionReference } from './options/reference';
export { suggest } from './options/suggest';
export type { DataConfig } from './sections/data';
export type { EvaluationConfig } from './sections/evaluation';
export { highRecall, hnswPresets, lowLatency, type HnswConfig } from './sections/hnsw';
export type { ModelConfig } from './sections/model';
export type { RuntimeConfig } from './sections/runtime';
export type { ServerConfig } from './sections/server';
export type { TrainingConfig } from './sections/training';
export { presetNames, type PresetName } from './sections/training-presets';
