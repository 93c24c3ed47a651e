import { formatCount, formatFigure } from '../format';
import type { EvaluationFigures, GroupFigures, ScorerFigures } from '../run-summary';
import { differenceTable, seedTables, sliceTables } from './evidence-tables';
import { left, right, type ReportSection, type ReportTable } from './section';

/** A scorer with the name that readers see. */
export interface Scorer {
  readonly name: string;
  readonly values: ScorerFigures;
}

/** The scorers of an evaluation, the model first, then the yardsticks from the strongest on, then the ceiling. */
export function scorersOf(evaluation: GroupFigures): readonly Scorer[] {
  const { model, ease, itemKnn, attributeKnn, popularity, random, truth } = evaluation;
  return [
    { name: 'model', values: model },
    ...(ease === undefined ? [] : [{ name: 'EASE^R', values: ease }]),
    ...(itemKnn === undefined ? [] : [{ name: 'item-kNN', values: itemKnn }]),
    ...(attributeKnn === undefined ? [] : [{ name: 'attribute-kNN', values: attributeKnn }]),
    { name: 'popularity', values: popularity },
    { name: 'random', values: random },
    ...(truth === undefined ? [] : [{ name: 'planted truth', values: truth }]),
  ];
}

/** A metric by name; `undefined` where it is not given. */
export function figureOf(values: ScorerFigures, name: string): number | undefined {
  const value = values[name];
  return typeof value === 'number' ? value : undefined;
}

/** The cutoffs K at which a metric is given, ascending. */
export function cutoffsOf(values: Readonly<Record<string, unknown>>, metric: string): readonly number[] {
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

function protocolOf({ split, repeats }: Pick<EvaluationFigures, 'split' | 'repeats'>): string {
  switch (split) {
    case 'random-80-20':
      return 'A random fifth of all events is held out, and each is ranked among all items; nothing is excluded.';
    case 'random-8-1-1':
      return 'A random tenth of each user’s events is held out, all items are ranked, and what the user has in training or validation is excluded.';
    default:
      return repeats === 'rank'
        ? "Each user's last item is held out, and all items are ranked, those that the user already has too."
        : "Each user's last item is held out, all items are ranked, and what the user already has is excluded.";
  }
}

function validationNote(refitted: boolean): string {
  return refitted
    ? 'The model was trained again with the validation events, which the yardsticks know too.'
    : 'The model was not trained on the validation events; the yardsticks know them.';
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
      ...scorers.map(({ values }) => formatMetric(name, figureOf(values, name))),
      lift(figureOf(evaluation.model, name), figureOf(evaluation.popularity, name)),
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
      ...easeFacts(evaluation),
    ],
    tables: [
      metricTable('Full ranking', evaluation),
      ...differenceTable(evaluation),
      ...sliceTables(evaluation),
      ...seedTables(evaluation.seeds),
    ],
    notes: [
      ...(evaluation.notes ?? []),
      protocolOf(evaluation),
      ...(evaluation.refitted === undefined ? [] : [validationNote(evaluation.refitted)]),
      ...(evaluation.unreachable > 0
        ? ['Out of reach: the held-out item occurs nowhere in training, which counts as a miss for every row.']
        : []),
      ...(evaluation.difference === undefined
        ? []
        : [
            'Intervals are 95 %, by the bootstrap over users. A difference whose interval includes zero may be chance.',
          ]),
      ...('gini' in evaluation.model
        ? ['Gini index: 0 when all items are shown alike. Average popularity: events of an item that is shown.']
        : []),
    ],
  };
}

function easeFacts({ ease }: GroupFigures): readonly (readonly [string, string])[] {
  const lambda = ease && figureOf(ease, 'lambda');
  return lambda === undefined ? [] : [['λ of EASE^R', `${lambda}, by validation`]];
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
              [
                'HitRate@100 ÷ that of known users',
                shareOf(figureOf(coldUsers.model, 'hitRate@100'), figureOf(model, 'hitRate@100')),
              ],
            ],
            tables: [metricTable('Users who were not trained on', coldUsers)],
            notes: [
              ...(coldUsers.notes ?? []),
              'None of their events was trained on; the model is told the last three before the held-out one.',
            ],
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
              ...(coldItems.notes ?? []),
              'None of their events was trained on; the model knows their attributes, and ranks them among all items.',
            ],
          } as const,
        ]),
  ];
}

function shareOf(part: number | undefined, whole: number | undefined): string {
  return part === undefined || whole === undefined || whole === 0 ? '–' : (part / whole).toFixed(2);
}
