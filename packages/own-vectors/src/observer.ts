/** What happens while vectors become an artifact. Every event is plain data. */
export type BuildEvent =
  | { readonly type: 'stage-started'; readonly stage: BuildStage }
  | {
      readonly type: 'stage-progress';
      readonly stage: BuildStage;
      readonly done: number;
      readonly total: number;
      /** What `done` counts. */
      readonly unit: string;
    }
  | { readonly type: 'stage-finished'; readonly stage: BuildStage; readonly seconds: number; readonly note?: string };

export type BuildStage = 'data' | 'index' | 'publish';

/** Hears what is done. Keep it short. */
export interface BuildObserver {
  notify(event: BuildEvent): void;
}

/** Tells an observer when a stage begins and ends. @param note one line on the result */
export async function observed<Result>(
  observer: BuildObserver | undefined,
  stage: BuildStage,
  work: () => Promise<Result>,
  note?: (result: Result) => string,
): Promise<Result> {
  observer?.notify({ type: 'stage-started', stage });
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  observer?.notify({ type: 'stage-finished', stage, seconds, note: note?.(result) });
  return result;
}
