import type { BlockColumns } from '../../embedding/block';
import { lookUp } from '../../embedding/lookup';
import type { RowGradients } from '../../embedding/row-gradients';
import type { ParameterSet } from '../../model/parameter-set';
import type { Parameter } from '../../model/types';
import type { LabelInput } from '../field-input';
import type { EmbeddedField } from '../tower-field';
import { labelsOf } from './labels-of';

/** The embedding of a row's label; zeros where it is unknown. */
export class TowerLabel implements EmbeddedField {
  readonly form = 'embedded';
  /** `[count, width]` */
  readonly table: Parameter;

  constructor(
    parameters: ParameterSet,
    name: string,
    private readonly field: LabelInput,
    readonly width: number,
  ) {
    this.table = parameters.table(`${name}.table`, field.count, width);
  }

  lookUp(rows: Int32Array, out: BlockColumns): void {
    lookUp(this.table.values, this.width, labelsOf(this.field, rows), out);
  }

  scatter(rows: Int32Array, gradient: BlockColumns, into: RowGradients): void {
    into.add(labelsOf(this.field, rows), gradient);
  }
}
