export { configSchema, type VectorRecallConfig, type VectorRecallConfigInput } from './config';
export { ConfigError } from './errors';
export type { DataConfig } from './sections/data';
export type { EvaluationConfig } from './sections/evaluation';
export { hnswPresets, type HnswConfig } from './sections/hnsw';
export type { ModelConfig } from './sections/model';
export type { RuntimeConfig } from './sections/runtime';
export type { TrainingConfig } from './sections/training';
