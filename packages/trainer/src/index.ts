export { CheckpointError, DivergedError, TrainingDataError, TrainingInterruptedError } from './errors';
export type { StageName, TrainingEvent, TrainingObserver } from './observer';
export type { ArtifactCommandOptions, RunTrainingOptions } from './pipeline/options';
export type {
  ArtifactReport,
  DatasetReport,
  DemoItem,
  DemoReport,
  ModelReport,
  TrainingReport,
  TrainSummary,
} from './pipeline/summary';
export type { BatchReport, BenchmarkReport, LatencyReport } from './benchmark/benchmark-report';
export type { EvaluationReport, Metrics } from './evaluation/evaluation-report';
export type { IndexReport } from './index-report';
export type { EpochReport } from './training/epoch-report';
