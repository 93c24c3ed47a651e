import type { EpochReport, EpochSteps } from './training/epoch-report';

export type StageName =
  'runtime' | 'data' | 'race' | 'train' | 'evaluate' | 'gate' | 'encode' | 'index' | 'publish' | 'benchmark' | 'demo';

/** What happens while a pipeline runs, in the order it happens. Every event is plain data. */
export type TrainingEvent =
  | { readonly type: 'stage-started'; readonly stage: StageName }
  | {
      readonly type: 'stage-progress';
      readonly stage: StageName;
      readonly done: number;
      /** Absent while the amount of work is unknown. */
      readonly total?: number;
      /** What `done` counts, as in `users`. */
      readonly unit: string;
    }
  | { readonly type: 'stage-finished'; readonly stage: StageName; readonly seconds: number; readonly note?: string }
  | { readonly type: 'notice'; readonly message: string }
  | {
      readonly type: 'step';
      /** True while the model is fitted again, with the validation events. */
      readonly refit: boolean;
      /** Counted from 1. */
      readonly epoch: number;
      readonly epochs: number;
      /** Steps done in this epoch, out of `stepsPerEpoch`. */
      readonly step: number;
      readonly stepsPerEpoch: number;
      /** Steps done in all epochs. */
      readonly totalSteps: number;
      /** Mean of the epoch so far. */
      readonly loss: number;
      /** Of this step alone. */
      readonly stepLoss: number;
      readonly learningRate: number;
      /** Global norm of the step's gradients before clipping. */
      readonly gradientNorm: number;
      readonly examplesPerSecond: number;
    }
  | {
      readonly type: 'epoch-finished';
      readonly report: EpochReport;
      readonly epochs: number;
      /** True when this epoch has the best validation HitRate@100 so far. */
      readonly best: boolean;
    }
  | { readonly type: 'epoch-trained'; readonly report: EpochSteps; readonly epochs: number }
  | { readonly type: 'checkpoint'; readonly run: string; readonly folder: string };

/** Hears everything that a pipeline does. It runs on the training thread: keep it short. */
export interface TrainingObserver {
  notify(event: TrainingEvent): void;
}
