import { configSchema, type TrainingConfig, type VectorRecallConfig } from '@vector-recall/core-config';
import type { RandomStream } from '@vector-recall/random';

type Preset = TrainingConfig['preset'];
type Value = number | string;

/** Where the values of one option come from; `log` draws evenly over orders of magnitude. */
export type Dimension =
  | { readonly path: string; readonly scale: 'linear' | 'log'; readonly low: number; readonly high: number }
  | { readonly path: string; readonly choices: readonly Value[] };

/** Values by option path, as in `training.learningRate`. */
export type Values = Readonly<Record<string, Value>>;

const everywhere: readonly Dimension[] = [
  { path: 'training.learningRate', scale: 'log', low: 3e-4, high: 1e-2 },
  { path: 'training.temperature', scale: 'log', low: 0.05, high: 0.2 },
  { path: 'model.dropout', scale: 'linear', low: 0, high: 0.3 },
  { path: 'training.userDropout', choices: [0, 0.1, 0.2, 0.3] },
  { path: 'training.itemDropout', choices: [0, 0.1] },
];

const ofSequences: readonly Dimension[] = [
  { path: 'training.learningRate', scale: 'log', low: 5e-4, high: 4e-3 },
  { path: 'training.temperature', scale: 'log', low: 0.05, high: 0.2 },
  { path: 'model.historyDropout', scale: 'linear', low: 0.1, high: 0.6 },
  { path: 'training.sharedPoolSize', choices: [256, 512, 1024] },
  { path: 'training.userDropout', choices: [0, 0.1, 0.3, 0.5] },
  { path: 'training.weightDecay', choices: [0, 0.1, 1] },
  { path: 'model.historyLength', choices: [20, 50, 100] },
  { path: 'model.embeddingDim', choices: [64, 128] },
];

const spaces: Readonly<Record<Preset, readonly Dimension[]>> = {
  auto: everywhere,
  sequential: ofSequences,
  recency: [
    { path: 'training.learningRate', scale: 'log', low: 1e-3, high: 1e-2 },
    { path: 'training.temperature', scale: 'log', low: 0.07, high: 0.3 },
    { path: 'training.weightDecay', scale: 'log', low: 0.1, high: 5 },
    { path: 'training.sharedPoolSize', choices: [1024, 4096] },
    { path: 'training.userDropout', choices: [0, 0.1, 0.3, 0.5] },
    { path: 'training.itemDropout', choices: [0, 0.1] },
    { path: 'model.historyEncoder', choices: ['mean', 'recency'] },
    { path: 'model.historyLength', choices: [20, 50, 100] },
    { path: 'model.embeddingDim', choices: [64, 128] },
  ],
  linear: [
    { path: 'training.learningRate', scale: 'log', low: 1e-3, high: 1e-2 },
    { path: 'training.temperature', scale: 'log', low: 0.07, high: 0.3 },
    { path: 'training.weightDecay', scale: 'log', low: 0.1, high: 5 },
    { path: 'training.negatives', choices: ['in-batch', 'mixed'] },
    { path: 'training.userDropout', choices: [0, 0.1, 0.3, 0.5] },
    { path: 'training.itemDropout', choices: [0, 0.1] },
    { path: 'model.historyEncoder', choices: ['mean', 'recency'] },
    { path: 'model.historyLength', choices: [20, 50] },
  ],
  'two-layer': [
    ...everywhere,
    { path: 'training.negatives', choices: ['in-batch', 'mixed'] },
    { path: 'model.historyEncoder', choices: ['mean', 'recency'] },
    { path: 'model.historyLength', choices: [20, 50] },
  ],
};

/** The space that is searched under a preset. */
export function searchSpace(preset: Preset): readonly Dimension[] {
  return spaces[preset];
}

/** One point of a space, every dimension for itself. */
export function drawValues(space: readonly Dimension[], random: RandomStream): Values {
  return Object.fromEntries(space.map((dimension) => [dimension.path, drawValue(dimension, random)]));
}

function drawValue(dimension: Dimension, random: RandomStream): Value {
  if ('choices' in dimension) return dimension.choices[random.integer(dimension.choices.length)];
  const { scale, low, high } = dimension;
  const share = random.uniform();
  const value = scale === 'log' ? low * (high / low) ** share : low + (high - low) * share;
  return Number(value.toPrecision(3));
}

/** A config with some options changed, checked anew. */
export function withValues(config: VectorRecallConfig, values: Values): VectorRecallConfig {
  const ofSection = (section: string) =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([path]) => path.startsWith(`${section}.`))
        .map(([path, value]) => [path.slice(section.length + 1), value]),
    );
  return configSchema.parse({
    ...config,
    model: { ...config.model, ...ofSection('model') },
    training: { ...config.training, ...ofSection('training') },
  });
}
