import type { RandomStream } from '@vector-recall/random';
import { tableMemory } from '../embedding/table-memory';
import type { Parameter } from './types';

/** How a fresh parameter is filled. */
export type Initializer = (values: Float32Array, shape: readonly number[], random: RandomStream) => void;

/** N(0, 2/fan-in), for layers that a ReLU follows (He et al. 2015, equation 10). Shape `[in, out]`. */
export const heNormal: Initializer = (values, [fanIn], random) => {
  fillNormal(values, Math.sqrt(2 / fanIn), random);
};

/** N(0, 2/(fan-in + fan-out)), for layers without a ReLU (Glorot & Bengio 2010, equation 12). Shape `[in, out]`. */
export const glorotNormal: Initializer = (values, [fanIn, fanOut], random) => {
  fillNormal(values, Math.sqrt(2 / (fanIn + fanOut)), random);
};

/** Deviation of a fresh embedding table. */
export const TABLE_DEVIATION = 0.05;

/**
 * N(0, 0.05²), for embedding tables. An Adam step moves an entry by about the learning rate, 0.001, and a row of the
 * tail is in a few dozen steps of a training: noise much larger than that would outlive it.
 */
export const tableNormal: Initializer = (values, _shape, random) => {
  fillNormal(values, TABLE_DEVIATION, random);
};

export const zeros: Initializer = (values) => {
  values.fill(0);
};

export const ones: Initializer = (values) => {
  values.fill(1);
};

function fillNormal(values: Float32Array, deviation: number, random: RandomStream): void {
  for (let i = 0; i < values.length; i++) values[i] = random.normal() * deviation;
}

/** Collects the parameters of a model while its layers are made; their order is the order of the layers. */
export class ParameterSet {
  readonly #parameters = new Map<string, Parameter>();

  constructor(private readonly random: RandomStream) {}

  get all(): ReadonlyMap<string, Parameter> {
    return this.#parameters;
  }

  /** A weight that every step uses whole. */
  dense(name: string, shape: readonly number[], initializer: Initializer): Parameter {
    return this.#add(name, shape, initializer, 'dense', true);
  }

  /** An embedding table `[rows, dim]`. */
  table(name: string, rows: number, dim: number, initializer = tableNormal): Parameter {
    return this.#add(name, [rows, dim], initializer, 'table', true);
  }

  /** A value that training measures and does not learn. */
  statistic(name: string, shape: readonly number[], initializer: Initializer): Parameter {
    return this.#add(name, shape, initializer, 'dense', false);
  }

  #add(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
    kind: Parameter['kind'],
    trainable: boolean,
  ): Parameter {
    const length = shape.reduce((product, size) => product * size, 1);
    const values = kind === 'table' ? tableMemory(length) : new Float32Array(length);
    initializer(values, shape, this.random);
    const parameter: Parameter = { name, shape, values, kind, trainable };
    this.#parameters.set(name, parameter);
    return parameter;
  }
}
