import { Presets, SingleBar } from 'cli-progress';
import type { TrainingEvent } from '@vector-recall/trainer';
import type { Progress } from './progress';
import { lineOf, stepOf, type Step } from './progress-text';

/** Progress as one bar at a time, which gives way to a line that stays. */
export class BarProgress implements Progress {
  private bar: SingleBar | undefined;
  private key = '';

  constructor(private readonly stream: NodeJS.WritableStream) {}

  notify(event: TrainingEvent): void {
    const step = stepOf(event);
    if (step !== undefined) this.advance(step);
    const line = lineOf(event);
    if (event.type === 'stage-finished' || line !== undefined) this.stop();
    if (line !== undefined) this.stream.write(`${line}\n`);
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
    this.key = '';
  }

  private advance(step: Step): void {
    const total = step.total ?? 0;
    if (this.bar === undefined || step.key !== this.key) {
      this.stop();
      this.key = step.key;
      this.bar = this.createBar(step.total !== undefined);
      this.bar.start(total, step.done, { label: step.label.padEnd(12), detail: step.detail });
    }
    this.bar.setTotal(total);
    this.bar.update(step.done, { detail: step.detail });
  }

  private createBar(known: boolean): SingleBar {
    return new SingleBar(
      {
        stream: this.stream,
        format: known ? '{label} {bar} {percentage} %  {detail}  {eta_formatted} left' : '{label} {detail}',
        clearOnComplete: true,
        hideCursor: true,
        barsize: 28,
        etaBuffer: 50,
        // Signals are handled in one place, where a checkpoint is written first.
        gracefulExit: false,
      },
      Presets.shades_classic,
    );
  }
}
