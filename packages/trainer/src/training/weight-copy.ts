import type { Parameter } from '@vector-recall/towers';

/** The weights of one moment, in memory: what a training without checkpoints keeps of its best epoch. */
export class WeightCopy {
  readonly #values = new Map<string, Float32Array>();

  take(parameters: ReadonlyMap<string, Parameter>): void {
    for (const [name, { values }] of parameters) {
      const kept = this.#values.get(name);
      if (kept === undefined) this.#values.set(name, values.slice());
      else kept.set(values);
    }
  }

  putBack(parameters: ReadonlyMap<string, Parameter>): void {
    for (const [name, values] of this.#values) parameters.get(name)?.values.set(values);
  }
}
