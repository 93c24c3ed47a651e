import type { Figures, TrackedEnd, Tracker } from '@vector-recall/run-tracking';
import type { TrainingEvent } from '@vector-recall/trainer';
import { TrackedTraining } from './tracked-training';

/** A tracker that keeps what it is told. */
class Notebook implements Tracker {
  readonly name = 'notebook';
  readonly lines: [string, number, Figures][] = [];
  ended?: TrackedEnd;

  start(): Promise<void> {
    return Promise.resolve();
  }
  logStep(step: number, figures: Figures): Promise<void> {
    this.lines.push(['step', step, figures]);
    return Promise.resolve();
  }
  logEpoch(step: number, figures: Figures): Promise<void> {
    this.lines.push(['epoch', step, figures]);
    return Promise.resolve();
  }
  end(result: TrackedEnd): Promise<void> {
    this.ended = result;
    return Promise.resolve();
  }
}

function step(totalSteps: number, refit = false): TrainingEvent {
  const counts = { epoch: 1, epochs: 1, step: totalSteps, stepsPerEpoch: 2, totalSteps };
  return {
    type: 'step',
    refit,
    ...counts,
    loss: 9,
    stepLoss: 5,
    learningRate: 0.001,
    gradientNorm: 2,
    examplesPerSecond: 1,
  };
}

const epoch: TrainingEvent = {
  type: 'epoch-finished',
  epochs: 1,
  best: true,
  report: {
    epoch: 1,
    trainLoss: 6,
    validationLoss: 7,
    validationHitRate100: 0.25,
    learningRate: 0.001,
    seconds: 1,
    examplesPerSecond: 128,
  },
};

const started: TrainingEvent = { type: 'stage-started', stage: 'train' };
const finished: TrainingEvent = { type: 'stage-finished', stage: 'train', seconds: 1 };

it('follows the steps and epochs of the first training alone, and passes every event on', async () => {
  const { RunTracking } = await import('@vector-recall/run-tracking');
  const notebook = new Notebook();
  const heard: string[] = [];
  const tracked = new TrackedTraining(new RunTracking([notebook], () => undefined), {
    notify: ({ type }) => heard.push(type),
  });
  const events = [step(99), started, step(1), step(2), epoch, step(1, true), finished, started, step(1), finished];
  for (const event of events) tracked.notify(event);
  await tracked.fail('interrupted', { training: { learningRate: 0.01, preset: 'auto' } });

  expect(heard).toEqual(events.map(({ type }) => type));
  const figures = { 'train/loss': 5, 'train/learning_rate': 0.001, 'train/gradient_norm': 2 };
  expect(notebook.lines).toEqual([
    ['step', 1, figures],
    ['step', 2, figures],
    [
      'epoch',
      2,
      {
        'epoch/loss': 6,
        'epoch/learning_rate': 0.001,
        'epoch/examples_per_second': 128,
        'validation/loss': 7,
        'validation/hit_rate@100': 0.25,
      },
    ],
    ['step', 1, { 'refit/loss': 5, 'refit/learning_rate': 0.001, 'refit/gradient_norm': 2 }],
  ]);
  expect(notebook.ended).toEqual({
    status: 'interrupted',
    step: 2,
    params: { 'training.learningRate': '0.01', 'training.preset': 'auto' },
    tags: {},
    metrics: {},
  });
});
