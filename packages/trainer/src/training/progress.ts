import { RandomStream, type RandomState } from '@vector-recall/random';
import type { EarlyStoppingState } from '../schedule/early-stopping';
import type { EpochReport } from './epoch-report';
import { emptyCurve, type StepCurveState } from './step-curve';

/** Where a training stands, as plain JSON: what an uninterrupted run would hold in its variables. */
export interface ProgressState {
  /** The epoch under way, counted from 1. */
  readonly epoch: number;
  /** Steps of it that are done. */
  readonly stepInEpoch: number;
  /** Steps done in all epochs. */
  readonly step: number;
  /** Sum of the losses of the epoch under way. */
  readonly lossSum: number;
  /** Seconds of its steps. */
  readonly seconds: number;
  /** Seconds of all that came before, validation included. */
  readonly totalSeconds: number;
  readonly reports: readonly EpochReport[];
  readonly curve: StepCurveState;
  readonly earlyStopping: EarlyStoppingState;
  readonly negatives: RandomState;
  readonly dropout: RandomState;
}

/** The state before the first step. */
export function startOf(seed: number): ProgressState {
  return {
    epoch: 1,
    stepInEpoch: 0,
    step: 0,
    lossSum: 0,
    seconds: 0,
    totalSeconds: 0,
    reports: [],
    curve: emptyCurve,
    earlyStopping: { bestEpoch: 0, bestValue: null },
    negatives: new RandomStream(seed, 'negatives').state(),
    dropout: new RandomStream(seed, 'dropout').state(),
  };
}
