import { compileConfig, type PresetName, type VectorRecallConfig } from '@vector-recall/core-config';
import { selectBackend } from '@vector-recall/towers';
import { toyInputs, toySplit } from '../testing/toy-world';
import { candidates } from './candidates';
import { runRace } from './run-race';

const data = { split: toySplit(), inputs: toyInputs };

/** Small recipes, whose learning rate decides: each preset gets one of its own. */
function configFor(rates: Partial<Record<PresetName, number>>) {
  return (preset: PresetName): VectorRecallConfig => {
    const { model, training, ...rest } = compileConfig({
      flags: {
        preset,
        'embedding-dim': '16',
        'batch-size': '64',
        'shared-pool-size': '32',
        'history-length': '5',
        'early-stopping-patience': '0',
        epochs: '20',
      },
    });
    return { ...rest, model, training: { ...training, learningRate: rates[preset] ?? 1e-6 } };
  };
}

/** A learning rate of all presets. */
const all = (rate: number) => Object.fromEntries(candidates.map(({ preset }) => [preset, rate]));

// Each test trains several models.
beforeAll(() => selectBackend('auto'));

describe('runRace', () => {
  it('trains every candidate once, and the best two again for longer', async () => {
    const done: [number, number][] = [];
    const rates = { recency: 0.01, 'two-layer': 0.01 };
    const report = (laps: number, total: number) => done.push([laps, total]);
    const race = await runRace(data, { configFor: configFor(rates), seed: 1, report });
    const ofRound = (round: number) => race.laps.filter((lap) => lap.round === round).map(({ preset }) => preset);
    expect(ofRound(1)).toEqual(candidates.map(({ preset }) => preset));
    expect(ofRound(2).sort()).toEqual(['recency', 'two-layer']);
    expect(ofRound(2)).toContain(race.winner);
    for (const preset of ofRound(2)) {
      const [first, second] = race.laps.filter((lap) => lap.preset === preset).map(({ steps }) => steps);
      expect(second).toBeGreaterThan(first);
    }
    expect(done.at(-1)).toEqual([6, 6]);
  });

  it('is over after the first round where one is far ahead', async () => {
    const race = await runRace(data, { configFor: configFor({ ...all(1e30), recency: 0.01 }), seed: 1 });
    expect(race.laps.map(({ round }) => round)).toEqual([1, 1, 1, 1]);
    expect(race.winner).toBe('recency');
  });

  it('is won by the same recipe with the same scores for the same seed', async () => {
    const options = { configFor: configFor({ recency: 0.01, 'two-layer': 0.003 }), seed: 5 };
    const scores = async () =>
      (await runRace(data, options)).laps.map(({ preset, hitRate100 }) => [preset, hitRate100]);
    expect(await scores()).toEqual(await scores());
  });

  it('counts a recipe that diverges as lost', async () => {
    const race = await runRace(data, { configFor: configFor({ 'two-layer': 0.01, sequential: 1e30 }), seed: 1 });
    expect(race.winner).toBe('two-layer');
  });

  it('lets recipes run once that the given options make the same', async () => {
    const same = (preset: PresetName) => {
      const config = configFor({ 'two-layer': 0.01 })('two-layer');
      return { ...config, training: { ...config.training, preset } };
    };
    const race = await runRace(data, { configFor: same, seed: 1 });
    expect(race.laps.map(({ round }) => round)).toEqual([1]);
    expect(race.winner).toBe(candidates[0].preset);
  });

  it('ends at the signal', async () => {
    const signal = AbortSignal.abort();
    await expect(runRace(data, { configFor: configFor({}), seed: 1, signal })).rejects.toMatchObject({
      code: 'TRAINING_INTERRUPTED',
    });
  });
});
