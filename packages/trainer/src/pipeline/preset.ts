import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { RaceReport } from '../race/race-report';
import { type RaceData, runRace } from '../race/run-race';
import type { RunTrainingOptions } from './options';
import type { Stages } from './stages';

export interface ChosenConfig {
  readonly config: VectorRecallConfig;
  readonly race?: RaceReport;
}

/**
 * The options to train with: those given, or, where the preset is `auto` and the caller can compile options for others,
 * those of the preset that wins a race on the log.
 */
export async function choosePreset(
  given: VectorRecallConfig,
  data: RaceData,
  stages: Stages,
  { configFor, signal }: Pick<RunTrainingOptions, 'configFor' | 'signal'>,
): Promise<ChosenConfig> {
  if (given.training.preset !== 'auto' || configFor === undefined) return { config: given };
  const race = await stages.run(
    'race',
    'recipes',
    (report) => runRace(data, { configFor, seed: given.training.seed, report, signal }),
    ({ winner }) => `${winner} won; name another preset with --preset to skip the race`,
  );
  return { config: configFor(race.winner), race };
}
