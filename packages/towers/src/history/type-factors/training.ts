import type { RowGradients } from '../../embedding/row-gradients';
import { zeros, type ParameterSet } from '../../model/parameter-set';
import type { Parameter } from '../../model/types';
import { typesWeight, type Histories } from '../histories';
import { typeFactors } from './factors';

/** A learned factor for each type of event, by which its entries count in the means of a history; 1 at the start. */
export class TypeFactors {
  readonly #table: Parameter;

  /** @param types how many there are, at least 1 */
  constructor(parameters: ParameterSet, encoder: string, types: number) {
    this.#table = parameters.table(typesWeight(encoder), types, 1, zeros);
  }

  /** `[entries]` */
  of(histories: Histories): Float32Array {
    return typeFactors(this.#table.values, histories);
  }

  /** @param slopes `[entries]`: how the loss changes with the logarithm of each entry's factor */
  scatter(slopes: Float32Array, { types }: Histories, into: (table: Parameter) => RowGradients): void {
    if (types !== undefined) into(this.#table).add(types, { values: slopes, stride: 1, offset: 0 });
  }
}
