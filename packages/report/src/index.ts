export { comparisonSections, type ComparedVersion } from './comparison/comparison-sections';
export { renderComparison, renderReport } from './html/render-report';
export type {
  BenchmarkFigures,
  CurveFigures,
  DataProfileFigures,
  DatasetFigures,
  EpochFigures,
  EvaluationFigures,
  GroupFigures,
  IndexFigures,
  ItemMapFigures,
  LatencyFigures,
  MetricValues,
  ModelFigures,
  NeighbourFigures,
  Recommendations,
  ReproductionFigures,
  RunSummary,
  ScorerFigures,
  SearchFigures,
  SeedFigures,
  ShownItem,
  SliceFigures,
  TrainingFigures,
} from './run-summary';
export { coldSections, evaluationSection } from './sections/evaluation-section';
export { runSections } from './sections/run-sections';
export type { ReportSection, ReportTable } from './sections/section';
export {
  breadthOf,
  indexSection,
  neighbourSection,
  recommendationSection,
  speedSection,
  targetNotes,
} from './sections/serving-sections';
export { dataSection, trainingSection } from './sections/training-sections';
export { renderTerminal } from './terminal/render-terminal';
export { formatBytes, formatCount, formatMs, formatRate, formatSeconds, printable } from './format';
