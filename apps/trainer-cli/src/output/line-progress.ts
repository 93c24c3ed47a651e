import type { TrainingEvent } from '@vector-recall/trainer';
import type { Progress } from './progress';
import { lineOf, stepOf, type Step } from './progress-text';

/** A log file wants a sign of life, not every step: whichever of the two comes first. */
const quietMs = 10_000;
const quietShare = 0.1;
/** Never more often than this: a tenth of a fast epoch is no news. */
const leastMs = 1000;

/** Progress as plain lines, for files, pipes and build logs. */
export class LineProgress implements Progress {
  private key = '';
  private share = 0;
  private spokeAt = 0;

  /** @param now clock in milliseconds */
  constructor(
    private readonly stream: NodeJS.WritableStream,
    private readonly now: () => number = () => performance.now(),
  ) {}

  notify(event: TrainingEvent): void {
    const step = stepOf(event);
    if (step !== undefined) this.advance(step);
    const line = lineOf(event);
    if (line !== undefined) this.stream.write(`${line}\n`);
  }

  stop(): void {
    this.key = '';
  }

  private advance(step: Step): void {
    const share = step.total === undefined ? 0 : step.done / step.total;
    if (step.key !== this.key) {
      this.key = step.key;
      this.share = 0;
      this.spokeAt = this.now();
    }
    const quiet = this.now() - this.spokeAt;
    if (share >= 1 || quiet < leastMs || (quiet < quietMs && share - this.share < quietShare)) return;
    this.share = share;
    this.spokeAt = this.now();
    const percent = step.total === undefined ? '' : `${Math.floor(share * 100)} %  `;
    this.stream.write(`${step.label.padEnd(12)}  ${percent}${step.detail}\n`);
  }
}
