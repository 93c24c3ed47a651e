import { type Gradients, hostKernels, type HostKernels, type Parameter, tableMemory } from '@vector-recall/towers';
import { type AdamCoefficients, updateDense, updateRows } from './adam-kernels';
import { globalNorm } from './global-norm';

export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Largest global norm of the gradients of a step; 0 turns clipping off. */
  readonly clipNorm?: number;
  /** Decoupled weight decay of matrices and of the table rows that a step reads, [0, 1]; 0 turns it off. */
  readonly weightDecay?: number;
  /** The kernels that update, those of this machine by default; null for JavaScript's, which give the same bits. */
  readonly native?: HostKernels | null;
}

/** First and second moment of one parameter, of the parameter's shape. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * Adam on host arrays (Kingma & Ba 2015): dense for weights, row-sparse for embedding tables. Weight decay is decoupled
 * from the gradients (Loshchilov & Hutter 2019, algorithm 2) and spares biases and norms.
 * The bias correction of a table row counts all steps of the run, not the row's own.
 */
export class Adam {
  readonly moments: ReadonlyMap<string, Moments>;
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #clipNorm: number;
  readonly #weightDecay: number;
  readonly #native?: HostKernels;
  #steps = 0;

  constructor(parameters: ReadonlyMap<string, Parameter>, options: AdamOptions = {}) {
    this.#parameters = parameters;
    this.#beta1 = options.beta1 ?? 0.9;
    this.#beta2 = options.beta2 ?? 0.999;
    this.#epsilon = options.epsilon ?? 1e-8;
    this.#clipNorm = options.clipNorm ?? 0;
    this.#weightDecay = options.weightDecay ?? 0;
    this.#native = options.native === undefined ? hostKernels() : (options.native ?? undefined);
    const moments = new Map<string, Moments>();
    for (const [name, { trainable, values }] of parameters) {
      if (!trainable) continue;
      moments.set(name, { first: tableMemory(values.length), second: tableMemory(values.length) });
    }
    this.moments = moments;
  }

  /** Updates done so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Continues a run whose moments were copied into {@link moments}. */
  resumeAt(steps: number): void {
    this.#steps = steps;
  }

  /**
   * Updates every parameter that has a gradient, in place.
   * @returns the global norm of the gradients before clipping; when it is not finite nothing was updated
   */
  step(gradients: Gradients, learningRate: number): number {
    const norm = globalNorm(gradients, this.#native);
    if (!Number.isFinite(norm)) return norm;
    this.#steps++;
    const decayed = 1 - learningRate * this.#weightDecay;
    const coefficients: Omit<AdamCoefficients, 'kept'> = {
      beta1: this.#beta1,
      beta2: this.#beta2,
      epsilon: this.#epsilon,
      stepSize: learningRate / (1 - this.#beta1 ** this.#steps),
      secondMomentScale: 1 / (1 - this.#beta2 ** this.#steps),
      gradientScale: this.#clipNorm > 0 && norm > this.#clipNorm ? this.#clipNorm / norm : 1,
    };
    for (const [name, gradient] of gradients.dense) {
      const { parameter, moments } = this.#slot(name);
      const kept = parameter.shape.length > 1 ? decayed : 1;
      updateDense(parameter.values, moments.first, moments.second, gradient, { ...coefficients, kept }, this.#native);
    }
    for (const [name, { rows, values }] of gradients.tables) {
      const { parameter, moments } = this.#slot(name);
      const dim = parameter.shape[1];
      const { first, second } = moments;
      updateRows(parameter.values, first, second, dim, rows, values, { ...coefficients, kept: decayed }, this.#native);
    }
    return norm;
  }

  #slot(name: string): { parameter: Parameter; moments: Moments } {
    const parameter = this.#parameters.get(name);
    const moments = this.moments.get(name);
    if (parameter === undefined || moments === undefined) {
      throw new RangeError(`There is a gradient for ${name}, which is not a trainable parameter.`);
    }
    return { parameter, moments };
  }
}
