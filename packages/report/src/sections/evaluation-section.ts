import { formatCount, formatFigure } from '../format';
import type { EvaluationFigures, GroupFigures, MetricValues } from '../run-summary';
import { left, right, type ReportSection, type ReportTable } from './section';

/** A scorer with the name that readers see. */
export interface Scorer {
  readonly name: string;
  readonly values: MetricValues;
}

/** The scorers of an evaluation, the model first, then the yardsticks, then the ceiling. */
export function scorersOf(evaluation: GroupFigures): readonly Scorer[] {
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
    ['Gini index', 'gini'] as const,
    ['average popularity', 'averagePopularity'] as const,
  ].filter(([, name]) => name in values);
}

function lift(model: number | undefined, popularity: number | undefined): string {
  return model === undefined || popularity === undefined || popularity === 0
    ? '–'
    : `${(model / popularity).toFixed(1)}×`;
}

function protocolOf(split: string | undefined): string {
  switch (split) {
    case 'random-80-20':
      return 'A random fifth of all events is held out, and each is ranked among all items; nothing is left out.';
    case 'random-8-1-1':
      return 'A random tenth of each user’s events is held out, all items are ranked, and what the user has in training or validation is left out.';
    default:
      return "Each user's last item is held out, all items are ranked, and what the user already has is left out.";
  }
}

/** How often a shown item occurs is a count among shares. */
function formatMetric(name: string, value: number | undefined): string {
  return formatFigure(value, name === 'averagePopularity' ? 1 : 4);
}

function metricTable(caption: string, evaluation: GroupFigures): ReportTable {
  const scorers = scorersOf(evaluation);
  return {
    caption,
    columns: [left('metric'), ...scorers.map(({ name }) => right(name)), right('model ÷ popularity')],
    rows: metricRows(scorers).map(([label, name]) => [
      label,
      ...scorers.map(({ values }) => formatMetric(name, values[name])),
      lift(evaluation.model[name], evaluation.popularity[name]),
    ]),
  };
}

export function evaluationSection(evaluation: EvaluationFigures): ReportSection {
  return {
    id: 'evaluation',
    title: 'Evaluation',
    facts: [
      ['users ranked', formatCount(evaluation.users)],
      ...(evaluation.items === undefined ? [] : [['items ranked', formatCount(evaluation.items)] as const]),
      [
        'out of reach',
        `${formatCount(evaluation.unreachable)} ${evaluation.split?.startsWith('random') ? 'events' : 'users'}`,
      ],
    ],
    tables: [metricTable('Full ranking', evaluation)],
    notes: [
      protocolOf(evaluation.split),
      ...(evaluation.unreachable > 0
        ? ['Out of reach: the held-out item occurs nowhere in training, which counts as a miss for every row.']
        : []),
      ...('gini' in evaluation.model
        ? ['Gini index: 0 when all items are shown alike. Average popularity: events of an item that is shown.']
        : []),
    ],
  };
}

/** Users and items that training never saw, each group in a section of its own; none where none were held out. */
export function coldSections({ model, coldUsers, coldItems }: EvaluationFigures): readonly ReportSection[] {
  return [
    ...(coldUsers === undefined
      ? []
      : [
          {
            id: 'cold-users',
            title: 'Cold users',
            facts: [
              ['users ranked', formatCount(coldUsers.users)],
              ['HitRate@100 ÷ that of known users', shareOf(coldUsers.model['hitRate@100'], model['hitRate@100'])],
            ],
            tables: [metricTable('Users who were not trained on', coldUsers)],
            notes: ['None of their events was trained on; the model is told the last three before the held-out one.'],
          } as const,
        ]),
    ...(coldItems === undefined
      ? []
      : [
          {
            id: 'cold-items',
            title: 'Cold items',
            facts: [['users ranked', formatCount(coldItems.users)]],
            tables: [metricTable('Items that were not trained on', coldItems)],
            notes: [
              'None of their events was trained on; the model knows their attributes, and ranks them among all items.',
            ],
          } as const,
        ]),
  ];
}

function shareOf(part: number | undefined, whole: number | undefined): string {
  return part === undefined || whole === undefined || whole === 0 ? '–' : (part / whole).toFixed(2);
}
