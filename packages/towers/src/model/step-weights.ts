import * as tf from '@tensorflow/tfjs';
import type { Parameter } from './types';

/** The dense weights of one step as tensors. They belong to the tfjs scope they were made in. */
export class StepWeights {
  private constructor(private readonly tensors: ReadonlyMap<Parameter, tf.Tensor>) {}

  /** Uploads weights; on a backend that computes on host memory the tensors are views, so a step must not outlive it. */
  static upload(parameters: Iterable<Parameter>): StepWeights {
    const tensors = new Map<Parameter, tf.Tensor>();
    for (const parameter of parameters) {
      if (parameter.kind === 'dense') tensors.set(parameter, tf.tensor(parameter.values, [...parameter.shape]));
    }
    return new StepWeights(tensors);
  }

  /** Pairs parameters with tensors that exist already, in the same order. */
  static of(parameters: readonly Parameter[], tensors: readonly tf.Tensor[]): StepWeights {
    return new StepWeights(new Map(parameters.map((parameter, i) => [parameter, tensors[i]])));
  }

  matrix(parameter: Parameter): tf.Tensor2D {
    const tensor = this.#tensor(parameter);
    if (!isMatrix(tensor)) throw new Error(`The parameter ${parameter.name} is not a matrix.`);
    return tensor;
  }

  vector(parameter: Parameter): tf.Tensor1D {
    const tensor = this.#tensor(parameter);
    if (!isVector(tensor)) throw new Error(`The parameter ${parameter.name} is not a vector.`);
    return tensor;
  }

  #tensor(parameter: Parameter): tf.Tensor {
    const tensor = this.tensors.get(parameter);
    if (tensor === undefined) throw new Error(`The step holds no tensor for the parameter ${parameter.name}.`);
    return tensor;
  }
}

function isMatrix(tensor: tf.Tensor): tensor is tf.Tensor2D {
  return tensor.rank === 2;
}

function isVector(tensor: tf.Tensor): tensor is tf.Tensor1D {
  return tensor.rank === 1;
}
