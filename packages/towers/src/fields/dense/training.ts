import type * as tf from '@tensorflow/tfjs';
import { lookUp } from '../../embedding/lookup';
import { Scratch } from '../../embedding/scratch';
import { glorotNormal, type ParameterSet } from '../../model/parameter-set';
import { Projection } from '../../model/projection';
import type { StepWeights } from '../../model/step-weights';
import { denseOfConstant } from '../../ops/dense';
import type { DenseInput } from '../field-input';
import type { ProjectedField } from '../tower-field';

/** The numbers of a row, projected. */
export class TowerDense implements ProjectedField {
  readonly form = 'projected';
  readonly #layer: DenseLayer;
  readonly #scratch = new Scratch();

  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly field: DenseInput,
    readonly width: number,
  ) {
    this.#layer = field.kind === 'numbers' ? relued(parameters, name, this) : linear(parameters, name, this);
  }

  get inputWidth(): number {
    return this.field.width;
  }

  valuesOf(rows: Int32Array): Float32Array {
    const { width, values } = this.field;
    const out = this.#scratch.take(rows.length * width);
    lookUp(values, width, rows, { values: out, stride: width, offset: 0 });
    return out;
  }

  project(values: tf.Tensor2D, weights: StepWeights): tf.Tensor2D {
    return this.#layer(values, weights);
  }
}

/** `[rows, inputs]` → `[rows, outputs]` */
type DenseLayer = (values: tf.Tensor2D, weights: StepWeights) => tf.Tensor2D;

interface Widths {
  readonly inputWidth: number;
  readonly width: number;
}

function relued(parameters: ParameterSet, name: string, { inputWidth, width }: Widths): DenseLayer {
  const projection = new Projection(parameters, name, inputWidth, width);
  return (values, weights) => projection.forwardConstant(values, weights);
}

/**
 * x·W: vectors of another model keep their geometry, of which a ReLU would throw half away before the trunk sees it. A
 * bias would add nothing, as the next layer is linear too and has one.
 */
function linear(parameters: ParameterSet, name: string, { inputWidth, width }: Widths): DenseLayer {
  const weight = parameters.dense(`${name}.weight`, [inputWidth, width], glorotNormal);
  return (values, weights) => denseOfConstant(values, weights.matrix(weight));
}
