import { formatCount, formatFigure } from '../format';
import type { EvaluationFigures, GroupFigures, SeedFigures, SliceFigures } from '../run-summary';
import { left, type ReportTable, right } from './section';

/** The names that readers know, by the name in the JSON. */
export const scorerNames: Readonly<Record<string, string>> = {
  model: 'model',
  ease: 'EASE^R',
  itemKnn: 'item-kNN',
  attributeKnn: 'attribute-kNN',
  popularity: 'popularity',
};

/** `hitRate@10` as a reader sees it. */
function labelOf(metric: string): string {
  return metric.replace('hitRate', 'HitRate').replace('ndcg', 'NDCG').replace('@', ' @');
}

function formatInterval([low, high]: readonly [number, number]): string {
  return `${formatFigure(low)} to ${formatFigure(high)}`;
}

/** The intervals of everything that was scored; for a page, a terminal has no room for it. */
export function intervalTables(group: GroupFigures): readonly ReportTable[] {
  const { model, ease, itemKnn, attributeKnn, popularity } = group;
  const scorers = Object.entries({ model, ease, itemKnn, attributeKnn, popularity }).flatMap(([name, figures]) =>
    typeof figures?.interval === 'object' ? [{ name: scorerNames[name] ?? name, interval: figures.interval }] : [],
  );
  if (scorers.length < 2) return [];
  const metrics = Object.keys(scorers[0].interval).sort((a, b) => rankOf(a) - rankOf(b));
  return [
    {
      caption: '95 % intervals',
      columns: [left('metric'), ...scorers.map(({ name }) => right(name))],
      rows: metrics.map((metric) => [
        labelOf(metric),
        ...scorers.map(({ interval }) =>
          metric in interval ? formatInterval(interval[metric]) : formatFigure(undefined),
        ),
      ]),
    },
  ];
}

/** The model, its interval, and its difference to the best yardstick; none where there are no intervals. */
export function differenceTable({ model, difference }: GroupFigures): readonly ReportTable[] {
  const { interval } = model;
  if (difference === undefined || typeof interval !== 'object') return [];
  const to = typeof difference.to === 'string' ? (scorerNames[difference.to] ?? difference.to) : '';
  const metrics = Object.keys(interval).sort((a, b) => rankOf(a) - rankOf(b));
  return [
    {
      caption: `The model and the best yardstick, ${to}`,
      columns: [left('metric'), right('model, 95 %'), right(`model − ${to}`), right('difference, 95 %')],
      rows: metrics.flatMap((metric) => {
        const ofMetric = difference[metric];
        if (typeof ofMetric !== 'object') return [];
        const { value, interval: range } = ofMetric;
        return [[labelOf(metric), formatInterval(interval[metric]), formatFigure(value), formatInterval(range)]];
      }),
    },
  ];
}

/** Hit rates before gains, each by cutoff. */
function rankOf(metric: string): number {
  return (metric.startsWith('hitRate') ? 0 : 1e6) + Number(metric.split('@')[1]);
}

/** Hit rates by what is known of users and by how often the held-out item occurs. */
export function sliceTables({ slices }: EvaluationFigures): readonly ReportTable[] {
  if (slices === undefined) return [];
  return [
    ...tablesByMetric('by events known of a user', slices.historyLength),
    ...tablesByMetric('by earlier events of the held-out item (0: a new item)', slices.itemPopularity),
  ];
}

/** One table for each cutoff: all in one would be wider than a screen. */
function tablesByMetric(caption: string, slices: readonly SliceFigures[]): readonly ReportTable[] {
  const filled = slices.filter(({ users }) => users > 0);
  const hitRates = new Map(Object.entries(filled.at(0)?.hitRates ?? {}));
  const scorers = Object.entries(scorerNames).filter(([name]) => hitRates.has(name));
  return Object.keys(hitRates.get('model') ?? {}).map((metric) => ({
    caption: `${labelOf(metric)} ${caption}`,
    columns: [left('events'), right('users'), ...scorers.map(([, title]) => right(title))],
    rows: filled.map(({ label, users, hitRates: ofSlice }) => [
      label,
      formatCount(users),
      ...scorers.map(([name]) => formatFigure(ofSlice[name][metric])),
    ]),
  }));
}

/** Mean and spread of the model's metrics over several seeds. */
export function seedTables(seeds: SeedFigures | undefined): readonly ReportTable[] {
  if (seeds === undefined) return [];
  const metrics = Object.keys(seeds.mean)
    .filter((metric) => metric.startsWith('hitRate@') || metric.startsWith('ndcg@'))
    .sort((a, b) => rankOf(a) - rankOf(b));
  return [
    {
      caption: `${seeds.seeds.length} trainings with different seeds; the first is published`,
      columns: [
        left('metric'),
        right('mean'),
        right('standard deviation'),
        ...seeds.seeds.map((seed) => right(`seed ${seed}`)),
      ],
      rows: metrics.map((metric) => [
        labelOf(metric),
        formatFigure(seeds.mean[metric]),
        formatFigure(seeds.spread[metric]),
        ...seeds.runs.map((run) => formatFigure(run[metric])),
      ]),
    },
  ];
}
