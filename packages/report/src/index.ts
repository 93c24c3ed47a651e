export { renderReport } from './html/render-report';
export type {
  BenchmarkFigures,
  DatasetFigures,
  EpochFigures,
  EvaluationFigures,
  GroupFigures,
  IndexFigures,
  LatencyFigures,
  MetricValues,
  ModelFigures,
  NeighbourFigures,
  Recommendations,
  RunSummary,
  ShownItem,
  TrainingFigures,
} from './run-summary';
export { coldSections, evaluationSection } from './sections/evaluation-section';
export { runSections } from './sections/run-sections';
export type { ReportSection, ReportTable } from './sections/section';
export { indexSection, neighbourSection, recommendationSection, speedSection } from './sections/serving-sections';
export { dataSection, trainingSection } from './sections/training-sections';
export { renderTerminal } from './terminal/render-terminal';
export { formatBytes, formatCount, formatMs, formatRate, formatSeconds, printable } from './format';
