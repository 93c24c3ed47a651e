import type { OutputStream } from '@vector-recall/command-line';
import type { TrainingObserver } from '@vector-recall/trainer';
import { BarProgress } from './bar-progress';
import { LineProgress } from './line-progress';

/** Shows what a pipeline does while it does it. */
export interface Progress extends TrainingObserver {
  /** Takes down what is still on the screen. Safe to call twice. */
  stop(): void;
}

/** Bars on a terminal, plain lines elsewhere. */
export function createProgress(stream: OutputStream): Progress {
  return stream.isTTY === true ? new BarProgress(stream) : new LineProgress(stream);
}
