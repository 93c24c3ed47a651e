export type {
  BenchmarkFigures,
  DemoItem,
  EpochFigures,
  LatencyFigures,
  MetricValues,
  RunSummary,
} from './run-summary';
