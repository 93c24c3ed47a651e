import type { CurveFigures, TrainingFigures } from '../run-summary';
import { categories, draw, numbers, point, still, values, withoutLegend } from './draw';
import type { Markup } from './html';

/** Loss by epoch, the quality by which the published epoch was chosen, and the learning rate and gradients. */
export function trainingCharts(training: TrainingFigures): readonly Markup[] {
  const { epochs, curve = [] } = training;
  return [
    byEpoch('Loss by epoch', training, [
      ['training', epochs.map(({ trainLoss }) => point(trainLoss))],
      ['validation', epochs.map(({ validationLoss }) => point(validationLoss))],
    ]),
    byEpoch('Validation HitRate@100 by epoch', training, [
      ['HitRate@100', epochs.map(({ validationHitRate100 }) => point(validationHitRate100))],
    ]),
    ...(curve.length > 1
      ? [
          byStep('Learning rate by step', 'learning rate', curve, ({ learningRate }) => learningRate),
          byStep('Gradient norm by step, before clipping', 'gradient norm', curve, ({ gradientNorm }) => gradientNorm),
        ]
      : [
          byEpoch('Learning rate at the end of each epoch', training, [
            ['learning rate', epochs.map(({ learningRate }) => point(learningRate))],
          ]),
        ]),
  ];
}

function byEpoch(caption: string, training: TrainingFigures, series: readonly [string, (number | '-')[]][]): Markup {
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

function byStep(
  caption: string,
  name: string,
  curve: readonly CurveFigures[],
  figureOf: (point: CurveFigures) => number,
): Markup {
  return draw(caption, {
    ...withoutLegend,
    xAxis: numbers('step'),
    yAxis: values(false),
    series: [
      {
        name,
        type: 'line',
        ...still,
        showSymbol: false,
        data: curve.map((at) => [at.step, point(figureOf(at))]),
        lineStyle: { width: 2 },
      },
    ],
  });
}
