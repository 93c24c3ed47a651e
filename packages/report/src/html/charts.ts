import type { BenchmarkFigures, EvaluationFigures, SliceFigures } from '../run-summary';
import { cutoffsOf, figureOf, scorersOf } from '../sections/evaluation-section';
import { scorerNames } from '../sections/evidence-tables';
import { categories, draw, point, still, values } from './draw';
import type { Markup } from './html';

/** Hit rates by what is known of users and by how often the held-out item occurs, for the model and its yardsticks. */
export function sliceCharts({ slices }: EvaluationFigures): readonly Markup[] {
  if (slices === undefined) return [];
  return [
    sliceChart('HitRate@100 by events known of a user', 'events', slices.historyLength),
    sliceChart('HitRate@100 by earlier events of the held-out item', 'events', slices.itemPopularity),
  ].flat();
}

function sliceChart(caption: string, axis: string, slices: readonly SliceFigures[]): readonly Markup[] {
  const filled = slices.filter(({ users }) => users > 0);
  const scorers = Object.keys(filled.at(0)?.hitRates ?? {}).filter((scorer) =>
    filled.some((slice) => hitRateOf(slice, scorer) !== undefined),
  );
  if (scorers.length === 0) return [];
  return [
    draw(caption, {
      xAxis: categories(
        filled.map(({ label }) => label),
        axis,
      ),
      yAxis: values(false),
      series: scorers.map((scorer) => ({
        name: scorerNames[scorer] ?? scorer,
        type: 'bar',
        ...still,
        barGap: '10%',
        data: filled.map((slice) => point(hitRateOf(slice, scorer))),
      })),
    }),
  ];
}

/** HitRate@100 of a scorer, where it was measured. */
function hitRateOf({ hitRates }: SliceFigures, scorer: string): number | undefined {
  const figures = new Map(Object.entries(hitRates)).get(scorer);
  return figures === undefined ? undefined : new Map(Object.entries(figures)).get('hitRate@100');
}

/** One chart for each metric that is given at cutoffs: all scorers beside each other. */
export function metricCharts(evaluation: EvaluationFigures): readonly Markup[] {
  const scorers = scorersOf(evaluation);
  const metrics = [
    ['hitRate', 'HitRate@K: users whose held-out item is among the first K'],
    ['ndcg', 'NDCG@K: the same, counting how high it stands'],
  ] as const;
  return metrics.flatMap(([metric, caption]) => {
    const cutoffs = cutoffsOf(evaluation.model, metric);
    if (cutoffs.length === 0) return [];
    return [
      draw(caption, {
        xAxis: categories(cutoffs.map(String), 'K'),
        yAxis: values(false),
        series: scorers.map((scorer) => ({
          name: scorer.name,
          type: 'bar',
          ...still,
          barGap: '10%',
          data: cutoffs.map((k) => point(figureOf(scorer.values, `${metric}@${k}`))),
        })),
      }),
    ];
  });
}

/** Users answered per second by batch size. */
export function batchChart(benchmark: BenchmarkFigures): readonly Markup[] {
  if (benchmark.batches.length === 0) return [];
  const encoded = benchmark.batches.some((batch) => batch.encodedUsersPerSecond !== undefined);
  const bars = (name: string, data: (number | '-')[]) => ({
    name,
    type: 'bar' as const,
    ...still,
    data,
    barMaxWidth: 48,
  });
  return [
    draw('Users per second by batch size', {
      xAxis: categories(
        benchmark.batches.map(({ batchSize }) => String(batchSize)),
        'batch size',
      ),
      yAxis: values(false),
      series: [
        bars(
          'known users',
          benchmark.batches.map(({ usersPerSecond }) => point(usersPerSecond)),
        ),
        ...(encoded
          ? [
              bars(
                'fresh histories',
                benchmark.batches.map(({ encodedUsersPerSecond }) => point(encodedUsersPerSecond)),
              ),
            ]
          : []),
      ],
    }),
  ];
}
