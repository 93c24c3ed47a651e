export { benchmarkArtifact, evaluateArtifact, rebuildIndex } from './pipeline/artifact-commands';
export { encodeAll, type EncodedVectors } from './pipeline/encode-all';
export { tuneModel, type TuneModelOptions, type TuningReport } from './pipeline/tune-model';
export { runTraining } from './pipeline/run-training';
export { pruneCheckpoints } from './checkpoint/prune-checkpoints';
export { continuationBase, type ContinuationBase } from './continuation/continuation-base';
export { resumeBase, type ResumeBase } from './checkpoint/resume-base';
export { Trainer, type TrainerOptions, type TrainingResult } from './training/trainer';
export { IndexBuilder, type BuiltIndex, type GraphConfig, type IndexBuilderOptions } from './indexing/index-builder';
export {
  CheckpointError,
  ContinuationError,
  DivergedError,
  NoModelError,
  TrainingDataError,
  TrainingInterruptedError,
  TuningError,
} from './errors';
export type { StageName, TrainingEvent, TrainingObserver } from './observer';
export type { ArtifactCommandOptions, RunTrainingOptions } from './pipeline/options';
export type {
  ArtifactReport,
  DatasetReport,
  DemoItem,
  DemoReport,
  ItemNeighbours,
  ModelReport,
  TrainingReport,
  TrainSummary,
} from './pipeline/summary';
export type { BatchReport, BenchmarkReport, LatencyReport } from './benchmark/benchmark-report';
export type {
  DifferenceReport,
  EvaluationReport,
  GroupReport,
  Interval,
  Metrics,
  ScorerReport,
  SeedsReport,
  SliceReport,
  SlicesReport,
  YardstickName,
} from './evaluation/evaluation-report';
export type { IndexReport } from './indexing/index-report';
export type { EpochReport } from './training/epoch-report';
export type { ArtifactBenchmark, ArtifactEvaluation, RebuiltIndex } from './pipeline/artifact-commands';

// For evaluations and training loops of one's own.
export { Adam, type AdamOptions } from './optimizer/adam';
export type { EventBatch } from './batches/batches';
export { EventBatches } from './batches/event-batches';
export { HistoryGatherer } from './batches/histories';
export { countItems } from './batches/item-counts';
export { infoNce } from './losses/info-nce';
export type { Candidates } from './negatives/candidates';
export { createNegativeStrategy, type NegativesConfig, type NegativeStrategy } from './negatives/strategies';
export { Evaluator } from './evaluation/evaluator';
export { modelScorer } from './evaluation/model-scorer';
export type { Scorer } from './evaluation/scorer';
export { popularityScorer, randomScorer, truthScorer } from './evaluation/scorers';
export { createTask, type EvaluationTask } from './evaluation/task';
export { chooseLambda } from './evaluation/yardsticks/choose-lambda';
export { easeScorer, fitEase, type EaseWeights } from './evaluation/yardsticks/ease';
export { itemKnnScorer } from './evaluation/yardsticks/item-knn';
