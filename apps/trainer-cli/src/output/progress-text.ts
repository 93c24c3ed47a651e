import type { TrainingEvent } from '@vector-recall/trainer';

type StageName = Extract<TrainingEvent, { type: 'stage-started' }>['stage'];

export const stageTitles: Readonly<Record<StageName, string>> = {
  runtime: 'Start tfjs',
  data: 'Read data',
  race: 'Choose a recipe',
  train: 'Train',
  evaluate: 'Evaluate',
  gate: 'Decide on promotion',
  encode: 'Encode',
  index: 'Build index',
  publish: 'Publish',
  benchmark: 'Benchmark',
  demo: 'Recommend',
};

/** How far the running work is. */
export interface Step {
  /** The same as long as the same work goes on: a stage, or one epoch. */
  readonly key: string;
  readonly label: string;
  readonly done: number;
  readonly total?: number;
  readonly detail: string;
}

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function seconds(value: number): string {
  return value < 0.9995 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}

/** The state of running work that an event tells of, or undefined when it tells of something else. */
export function stepOf(event: TrainingEvent): Step | undefined {
  if (event.type === 'step') {
    return {
      key: `${event.refit ? 'refit' : 'epoch'} ${event.epoch}`,
      label: `${event.refit ? 'Refit' : 'Epoch'} ${event.epoch}/${event.epochs}`,
      done: event.step,
      total: event.stepsPerEpoch,
      detail: `loss ${event.loss.toFixed(4)}  ${counts.format(event.examplesPerSecond)} examples/s`,
    };
  }
  if (event.type !== 'stage-progress') return undefined;
  const ofTotal = event.total === undefined ? '' : ` of ${counts.format(event.total)}`;
  return {
    key: event.stage,
    label: stageTitles[event.stage],
    done: event.done,
    total: event.total,
    detail: `${counts.format(event.done)}${ofTotal} ${event.unit}`,
  };
}

/** The line that stays for an event when the work has moved on, or undefined when none does. */
export function lineOf(event: TrainingEvent): string | undefined {
  switch (event.type) {
    case 'stage-finished':
      // The epochs have told it all.
      if (event.stage === 'train') return undefined;
      return [stageTitles[event.stage].padEnd(12), seconds(event.seconds).padStart(8), event.note ?? '']
        .join('  ')
        .trimEnd();
    case 'epoch-finished': {
      const { report, epochs, best } = event;
      return [
        `Epoch ${report.epoch}/${epochs}`.padEnd(12),
        seconds(report.seconds).padStart(8),
        `loss ${report.trainLoss.toFixed(4)}`,
        `validation ${report.validationLoss.toFixed(4)}`,
        `HitRate@100 ${report.validationHitRate100.toFixed(4)}`,
        `${counts.format(report.examplesPerSecond)} examples/s${best ? '  best so far' : ''}`,
      ].join('  ');
    }
    case 'epoch-trained': {
      const { report, epochs } = event;
      return [
        `Refit ${report.epoch}/${epochs}`.padEnd(12),
        seconds(report.seconds).padStart(8),
        `loss ${report.trainLoss.toFixed(4)}`,
        `${counts.format(report.examplesPerSecond)} examples/s`,
      ].join('  ');
    }
    case 'notice':
      return event.message;
    default:
      return undefined;
  }
}
