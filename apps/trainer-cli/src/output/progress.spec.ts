import type { TrainingEvent } from '@vector-recall/trainer';
import { PassThrough } from 'node:stream';
import { BarProgress } from './bar-progress';
import { LineProgress } from './line-progress';

function step(epoch: number, done: number): TrainingEvent {
  return {
    type: 'step',
    refit: false,
    epoch,
    epochs: 2,
    step: done,
    stepsPerEpoch: 100,
    totalSteps: (epoch - 1) * 100 + done,
    loss: 5 - done / 100,
    stepLoss: 4.9 - done / 100,
    learningRate: 0.001,
    gradientNorm: 1.5,
    examplesPerSecond: 9123.4,
  };
}

const epochFinished: Extract<TrainingEvent, { type: 'epoch-finished' }> = {
  type: 'epoch-finished',
  epochs: 2,
  best: true,
  report: {
    epoch: 1,
    trainLoss: 4.5,
    validationLoss: 4.75,
    validationHitRate100: 0.25,
    learningRate: 0.001,
    seconds: 61.23,
    examplesPerSecond: 9100,
  },
};

describe('plain lines', () => {
  let clock: number;
  let stream: PassThrough;
  let progress: LineProgress;
  beforeEach(() => {
    clock = 0;
    stream = new PassThrough();
    progress = new LineProgress(stream, () => clock);
  });
  const written = () => String(stream.read() ?? '');

  it('come once for each tenth of an epoch', () => {
    for (let done = 1; done <= 100; done++) {
      clock += 500;
      progress.notify(step(1, done));
    }
    const lines = written().trimEnd().split('\n');
    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe('Epoch 1/2     10 %  loss 4.9000  9,123 examples/s');
  });

  it('come every ten seconds when a tenth takes longer', () => {
    progress.notify(step(1, 1));
    clock = 9999;
    progress.notify(step(1, 2));
    expect(written()).toBe('');
    clock = 10_000;
    progress.notify(step(1, 3));
    expect(written()).toBe('Epoch 1/2     3 %  loss 4.9700  9,123 examples/s\n');
  });

  it('do not come at all for work that is over at once', () => {
    for (let done = 1; done <= 100; done++) progress.notify(step(1, done));
    expect(written()).toBe('');
  });

  it('sum up an epoch, a stage and a notice', () => {
    progress.notify(epochFinished);
    progress.notify({ type: 'epoch-trained', report: epochFinished.report, epochs: 2 });
    progress.notify({ type: 'stage-finished', stage: 'data', seconds: 0.25, note: '10 users' });
    progress.notify({ type: 'notice', message: 'Something is slow.' });
    expect(written().split('\n')).toEqual([
      'Epoch 1/2       61.2 s  loss 4.5000  validation 4.7500  HitRate@100 0.2500  9,100 examples/s  best so far',
      'Refit 1/2       61.2 s  loss 4.5000  9,100 examples/s',
      'Read data       250 ms  10 users',
      'Something is slow.',
      '',
    ]);
  });

  it('count work whose end is unknown', () => {
    progress.notify({ type: 'stage-progress', stage: 'data', done: 1, unit: 'rows' });
    clock = 10_000;
    progress.notify({ type: 'stage-progress', stage: 'data', done: 25_000_000, unit: 'rows' });
    expect(written()).toBe('Read data     25,000,000 rows\n');
  });
});

describe('bars', () => {
  it('give way to the line that stays and leave no timer behind', () => {
    const stream = new PassThrough();
    // What cli-progress asks of a terminal.
    Object.assign(stream, { isTTY: true, columns: 100, cursorTo: () => true, clearLine: () => true });
    const progress = new BarProgress(stream);
    progress.notify(step(1, 1));
    progress.notify(step(1, 50));
    progress.notify(epochFinished);
    progress.stop();
    const text = String(stream.read());
    expect(text).toContain('Epoch 1/2');
    expect(text).toContain('1 %  loss 4.9900  9,123 examples/s');
    expect(text).toMatch(/best so far\n$/);
  });
});
