import { formatCount, formatFigure } from '../format';
import type { EvaluationFigures, MetricValues } from '../run-summary';
import { left, right, type ReportSection, type ReportTable } from './section';

/** A scorer with the name that readers see. */
export interface Scorer {
  readonly name: string;
  readonly values: MetricValues;
}

/** The scorers of an evaluation, the model first, then the yardsticks, then the ceiling. */
export function scorersOf(evaluation: EvaluationFigures): readonly Scorer[] {
  return [
    { name: 'model', values: evaluation.model },
    { name: 'popularity', values: evaluation.popularity },
    { name: 'random', values: evaluation.random },
    ...(evaluation.truth === undefined ? [] : [{ name: 'planted truth', values: evaluation.truth }]),
  ];
}

/** The cutoffs K at which a metric is given, ascending. */
export function cutoffsOf(values: MetricValues, metric: string): readonly number[] {
  return Object.keys(values)
    .filter((name) => name.startsWith(`${metric}@`))
    .map((name) => Number(name.slice(metric.length + 1)))
    .sort((a, b) => a - b);
}

/** With one held-out item per user, recall and hit rate are the same number; two equal blocks would only hide the rest. */
function recallIsHitRate(scorers: readonly Scorer[]): boolean {
  return scorers.every(({ values }) =>
    cutoffsOf(values, 'recall').every((k) => values[`recall@${k}`] === values[`hitRate@${k}`]),
  );
}

function metricRows(scorers: readonly Scorer[]): readonly (readonly [label: string, name: string])[] {
  const values = scorers[0]?.values ?? {};
  const folded = recallIsHitRate(scorers);
  const blocks: (readonly [string, string])[] = [
    ['hitRate', folded && cutoffsOf(values, 'recall').length > 0 ? 'HitRate = Recall' : 'HitRate'],
    ...(folded ? [] : ([['recall', 'Recall']] as const)),
    ['ndcg', 'NDCG'],
  ];
  return [
    ...blocks.flatMap(([metric, label]) =>
      cutoffsOf(values, metric).map((k) => [`${label} @${k}`, `${metric}@${k}`] as const),
    ),
    ['MRR', 'mrr'] as const,
    ['coverage', 'coverage'] as const,
  ].filter(([, name]) => name in values);
}

function lift(model: number | undefined, popularity: number | undefined): string {
  return model === undefined || popularity === undefined || popularity === 0
    ? '–'
    : `${(model / popularity).toFixed(1)}×`;
}

function metricTable(scorers: readonly Scorer[], evaluation: EvaluationFigures): ReportTable {
  return {
    caption: 'Full ranking',
    columns: [left('metric'), ...scorers.map(({ name }) => right(name)), right('model ÷ popularity')],
    rows: metricRows(scorers).map(([label, name]) => [
      label,
      ...scorers.map(({ values }) => formatFigure(values[name])),
      lift(evaluation.model[name], evaluation.popularity[name]),
    ]),
  };
}

export function evaluationSection(evaluation: EvaluationFigures): ReportSection {
  const scorers = scorersOf(evaluation);
  return {
    id: 'evaluation',
    title: 'Evaluation',
    facts: [
      ['users ranked', formatCount(evaluation.users)],
      ...(evaluation.items === undefined ? [] : [['items ranked', formatCount(evaluation.items)] as const]),
      ['out of reach', `${formatCount(evaluation.unreachable)} users`],
    ],
    tables: [metricTable(scorers, evaluation)],
    notes: [
      "Each user's last item is held out, all items are ranked, and what the user already has is left out.",
      ...(evaluation.unreachable > 0
        ? ['Out of reach: the held-out item occurs nowhere in training, which counts as a miss for every row.']
        : []),
    ],
  };
}
