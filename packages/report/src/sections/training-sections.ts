import { formatCount, formatFigure, formatRate, formatSeconds } from '../format';
import type { DatasetFigures, ModelFigures, SpreadFigures, TrainingFigures } from '../run-summary';
import { left, type ReportTable, right, type ReportSection } from './section';

/** How events are spread; for a page, a terminal has no room for it. */
export function profileFacts({ profile }: DatasetFigures): ReportSection['facts'] {
  if (profile === undefined) return [];
  const spread = ({ median, p90, max }: SpreadFigures): string =>
    `median ${formatCount(median)}, 90 % up to ${formatCount(p90)}, at most ${formatCount(max)}`;
  return [
    ['events per user', spread(profile.eventsPerUser)],
    ['events per item', spread(profile.eventsPerItem)],
    ['items without events', formatCount(profile.itemsWithoutEvents)],
    ['top 1 % of items', `${Math.round(profile.topItemShare * 100)} % of all events`],
  ];
}

export function dataSection(dataset: DatasetFigures): ReportSection {
  return {
    id: 'data',
    title: 'Data',
    facts: [
      ['source', dataset.name],
      ['users', formatCount(dataset.users)],
      ['items', formatCount(dataset.items)],
      ['interactions', formatCount(dataset.interactions)],
      ...(dataset.span === undefined ? [] : [['time span', `${dataset.span.first} to ${dataset.span.last}`] as const]),
      ...(dataset.trainingEvents === undefined
        ? []
        : [['training events', formatCount(dataset.trainingEvents)] as const]),
    ],
    tables: [],
    notes: dataset.notes ?? [],
  };
}

function parameterText(model: ModelFigures): string {
  const total = formatCount(model.parameters);
  return model.tableParameters === undefined
    ? total
    : `${total}, of which ${formatCount(model.tableParameters)} in embedding tables`;
}

/** Every training of the race, the winner's last one highlighted. */
function raceTable({ winner, laps, seconds }: NonNullable<TrainingFigures['race']>): ReportTable {
  return {
    caption: `Race between presets, ${formatSeconds(seconds)}`,
    columns: [left('preset'), right('round'), right('steps'), right('HitRate@100'), right('time')],
    rows: laps.map(({ preset, round, steps, hitRate100, seconds: ofLap }) => [
      preset,
      String(round),
      formatCount(steps),
      formatFigure(hitRate100),
      formatSeconds(ofLap),
    ]),
    highlight: laps.findLastIndex(({ preset }) => preset === winner),
  };
}

export function trainingSection(model: ModelFigures, training: TrainingFigures): ReportSection {
  const best = training.epochs.findIndex((epoch) => epoch.epoch === training.bestEpoch);
  return {
    id: 'training',
    title: 'Training',
    facts: [
      ['parameters', parameterText(model)],
      ...(model.embeddingDim === undefined ? [] : [['vectors', `${model.embeddingDim} dimensions`] as const]),
      ...(model.historyEncoder === undefined ? [] : [['history encoder', model.historyEncoder] as const]),
      ...(training.preset === undefined ? [] : [['preset', training.preset] as const]),
      ...(training.negatives === undefined ? [] : [['negatives', training.negatives] as const]),
      ...(training.itemItemShare === undefined ? [] : [['item-item term', `share ${training.itemItemShare}`] as const]),
      ['backend', training.backend],
      ...(training.precision === undefined ? [] : [['precision', training.precision] as const]),
      ['time', formatSeconds(training.seconds)],
      ...(training.refit === undefined
        ? []
        : [['refit', `${training.refit.epochs} epochs, ${formatSeconds(training.refit.seconds)}`] as const]),
    ],
    tables: [
      ...(training.race === undefined ? [] : [raceTable(training.race)]),
      {
        caption: 'Epochs',
        columns: [
          right('epoch'),
          right('train loss'),
          right('validation loss'),
          right('HitRate@100'),
          right('learning rate'),
          right('examples/s'),
          right('time'),
          left(''),
        ],
        rows: training.epochs.map((epoch, row) => [
          String(epoch.epoch),
          formatFigure(epoch.trainLoss),
          formatFigure(epoch.validationLoss),
          formatFigure(epoch.validationHitRate100),
          formatRate(epoch.learningRate),
          formatCount(epoch.examplesPerSecond),
          formatSeconds(epoch.seconds),
          row === best ? 'best' : '',
        ]),
        highlight: best < 0 ? undefined : best,
      },
    ],
    notes: [
      ...(training.notes ?? []),
      'HitRate@100 is measured on a sample of validation users by full ranking.',
      ...(training.refit === undefined
        ? []
        : ['Refit: trained again from the same start, with the validation events too.']),
      ...(training.itemItemShare === undefined
        ? []
        : ['The item-item term adds what EASE^R knows of items that go together; its share was chosen by validation.']),
      ...(training.stoppedEarly ? ['Training stopped early: validation had not become better for a while.'] : []),
    ],
  };
}
