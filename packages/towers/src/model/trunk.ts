import type * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { RandomStream } from '@vector-recall/random';
import { sumToUnitRows } from '../ops/sum-to-unit-rows';
import { Mlp } from './mlp';
import type { ParameterSet } from './parameter-set';
import type { StepWeights } from './step-weights';

/** What follows the inputs of a tower, `[n, width]` each: → `[n, embeddingDim]`, each row of length one. */
export interface Trunk {
  /** Training mode: batch statistics, dropout. */
  train(inputs: readonly tf.Tensor2D[], weights: StepWeights, random: RandomStream): tf.Tensor2D;
  /** Evaluation mode: moving moments, nothing is dropped. */
  evaluate(inputs: readonly tf.Tensor2D[], weights: StepWeights): tf.Tensor2D;
}

/** The trunk that the config names. */
export function createTrunk(parameters: ParameterSet, name: string, inputWidth: number, config: ModelConfig): Trunk {
  const { trunk, hiddenDims, embeddingDim, dropout } = config;
  if (trunk === 'sum') return new SumTrunk(embeddingDim);
  return new Mlp(parameters, name, { inputWidth, hiddenDims, outputWidth: embeddingDim, dropout });
}

/** The sum of inputs that are as wide as the vectors: an item is its id and its fields, a user what they did and who. */
class SumTrunk implements Trunk {
  constructor(private readonly width: number) {}

  train(inputs: readonly tf.Tensor2D[]): tf.Tensor2D {
    return this.evaluate(inputs);
  }

  evaluate(inputs: readonly tf.Tensor2D[]): tf.Tensor2D {
    return sumToUnitRows(inputs, this.width);
  }
}
