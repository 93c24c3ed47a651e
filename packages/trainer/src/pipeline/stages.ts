import { performance } from 'node:perf_hooks';
import type { StageName, TrainingObserver } from '../observer';

/** Reports the progress of the stage under way; `total` is absent while it is unknown. */
export type ReportProgress = (done: number, total?: number) => void;

/** Tells an observer when the stages of a pipeline begin and end. */
export class Stages {
  readonly #startedAt = performance.now();

  constructor(
    readonly observer: TrainingObserver | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * Runs one stage, unless the pipeline was aborted before it.
   * @param unit what its progress counts, as in `users`
   * @param note one line on the result for the person who watches
   */
  async run<Result>(
    stage: StageName,
    unit: string,
    work: (report: ReportProgress) => Promise<Result>,
    note?: (result: Result) => string,
  ): Promise<Result> {
    this.signal?.throwIfAborted();
    this.observer?.notify({ type: 'stage-started', stage });
    const startedAt = performance.now();
    const result = await work((done, total) => {
      this.observer?.notify({ type: 'stage-progress', stage, done, total, unit });
    });
    const seconds = (performance.now() - startedAt) / 1000;
    this.observer?.notify({ type: 'stage-finished', stage, seconds, note: note?.(result) });
    return result;
  }

  /** Seconds since the pipeline began. */
  seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}
