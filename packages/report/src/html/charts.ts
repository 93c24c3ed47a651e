import { init, type EChartsOption } from 'echarts';
import type { BenchmarkFigures, EvaluationFigures, SliceFigures, TrainingFigures } from '../run-summary';
import { cutoffsOf, figureOf, scorersOf } from '../sections/evaluation-section';
import { scorerNames } from '../sections/evidence-tables';
import { html, Markup } from './html';
import { seriesColors } from './style';

/** Coordinates of the drawing, which the page scales to the column: text of 12 is still read on a phone 390 px wide. */
const width = 400;
const height = 270;

const axisLine = { lineStyle: { color: 'var(--line)' } };
const axisText = { color: 'var(--soft)', fontSize: 12 };

/** A drawing doesn't answer the mouse; without this ECharts writes hover styles with colours of its own. */
const still = { silent: true, emphasis: { disabled: true } } as const;

/** Draws without a document: the string renderer of ECharts needs none. */
function draw(caption: string, option: EChartsOption): Markup {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: 'transparent',
      color: seriesColors,
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      grid: { left: 8, right: 16, top: 40, bottom: 28, containLabel: true },
      legend: {
        top: 0,
        left: 0,
        icon: 'roundRect',
        selectedMode: false,
        itemWidth: 14,
        // Without a document text widths are estimates: room for the error.
        itemGap: 28,
        textStyle: { color: 'var(--ink)', fontSize: 12 },
      },
      ...option,
    });
    const svg = chart.renderToSVGString({ useViewBox: true });
    return html`<figure role="img" aria-label="${caption}">
      <figcaption aria-hidden="true">${caption}</figcaption>
      ${new Markup(svg.replace('<svg ', '<svg aria-hidden="true" focusable="false" '))}
    </figure>`;
  } finally {
    chart.dispose();
  }
}

function categories(names: readonly string[], name: string): EChartsOption['xAxis'] {
  return {
    type: 'category',
    data: [...names],
    name,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: axisText,
    axisLine,
    axisTick: { show: false },
    axisLabel: axisText,
  };
}

function values(scale: boolean): EChartsOption['yAxis'] {
  return { type: 'value', scale, axisLabel: axisText, splitLine: axisLine };
}

/** ECharts draws a gap for `-`; a figure that isn't finite has no place on an axis. */
function point(value: number | undefined): number | '-' {
  return value === undefined || !Number.isFinite(value) ? '-' : value;
}

function lines(caption: string, training: TrainingFigures, series: readonly [string, (number | '-')[]][]): Markup {
  return draw(caption, {
    xAxis: categories(
      training.epochs.map(({ epoch }) => String(epoch)),
      'epoch',
    ),
    yAxis: values(true),
    series: series.map(([name, data], index) => ({
      name,
      type: 'line',
      ...still,
      data,
      symbol: index === 0 ? 'circle' : 'diamond',
      symbolSize: 8,
      // Told apart without colour as well.
      lineStyle: { width: 2, type: index === 0 ? 'solid' : 'dashed' },
    })),
  });
}

/** Loss by epoch, the quality by which the published epoch was chosen, and the learning rate. */
export function trainingCharts(training: TrainingFigures): readonly Markup[] {
  const { epochs } = training;
  return [
    lines('Loss by epoch', training, [
      ['training', epochs.map(({ trainLoss }) => point(trainLoss))],
      ['validation', epochs.map(({ validationLoss }) => point(validationLoss))],
    ]),
    lines('Validation HitRate@100 by epoch', training, [
      ['HitRate@100', epochs.map(({ validationHitRate100 }) => point(validationHitRate100))],
    ]),
    lines('Learning rate at the end of each epoch', training, [
      ['learning rate', epochs.map(({ learningRate }) => point(learningRate))],
    ]),
  ];
}

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
