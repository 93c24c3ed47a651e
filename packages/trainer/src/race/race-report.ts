import type { PresetName } from '@vector-recall/core-config';

/** One training of the race. */
export interface RaceLap {
  readonly preset: PresetName;
  /** 1 for the round of all candidates, 2 for that of the best. */
  readonly round: number;
  readonly steps: number;
  /** The best of its epochs, on the validation events of the race's users; 0 where it diverged. */
  readonly hitRate100: number;
  readonly seconds: number;
}

/** How a preset was chosen for a log. */
export interface RaceReport {
  readonly winner: PresetName;
  readonly laps: readonly RaceLap[];
  readonly seconds: number;
}
