import type { RunSummary } from '../run-summary';
import { coldSections, evaluationSection } from './evaluation-section';
import { promotionSection } from './promotion-section';
import type { ReportSection } from './section';
import { indexSection, neighbourSection, recommendationSection, speedSection } from './serving-sections';
import { dataSection, trainingSection } from './training-sections';

/** The sections of a whole run, in the order of the pipeline. */
export function runSections(run: RunSummary): readonly ReportSection[] {
  return [
    dataSection(run.dataset),
    trainingSection(run.model, run.training),
    evaluationSection(run.evaluation),
    ...coldSections(run.evaluation),
    indexSection(run.index),
    ...(run.benchmark === undefined ? [] : [speedSection(run.benchmark)]),
    ...(run.demo === undefined ? [] : [recommendationSection(run.demo)]),
    ...(run.neighbours === undefined ? [] : [neighbourSection(run.neighbours)]),
    ...(run.promotion === undefined ? [] : [promotionSection(run.promotion)]),
    {
      id: 'artifact',
      title: 'Artifact',
      facts: [
        ['version', run.artifact.version],
        ['folder', run.artifact.path],
      ],
      tables: [],
      notes: [],
    },
  ];
}
