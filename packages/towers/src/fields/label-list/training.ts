import type { BlockColumns, RowLists } from '../../embedding/block';
import { lookUpMean } from '../../embedding/lookup';
import type { RowGradients } from '../../embedding/row-gradients';
import type { ParameterSet } from '../../model/parameter-set';
import type { Parameter } from '../../model/types';
import type { LabelListInput } from '../field-input';
import type { EmbeddedField } from '../tower-field';

/** The mean of the embeddings of a row's labels; zeros where there are none. */
export class TowerLabelList implements EmbeddedField {
  readonly form = 'embedded';
  /** `[count, width]` */
  readonly table: Parameter;
  /** The lists of all rows and, behind them, an empty one that stands for a row of -1. */
  readonly #lists: RowLists;
  readonly #rows: number;

  constructor(
    parameters: ParameterSet,
    name: string,
    { count, offsets, values }: LabelListInput,
    readonly width: number,
  ) {
    this.table = parameters.table(`${name}.table`, count, width);
    this.#rows = offsets.length - 1;
    const padded = new Int32Array(offsets.length + 1);
    padded.set(offsets);
    padded[offsets.length] = values.length;
    this.#lists = { offsets: padded, rows: values };
  }

  lookUp(rows: Int32Array, out: BlockColumns): void {
    lookUpMean(this.table.values, this.width, this.#lists, out, this.#listsOf(rows));
  }

  scatter(rows: Int32Array, gradient: BlockColumns, into: RowGradients): void {
    into.addMean(this.#lists, gradient, this.#listsOf(rows));
  }

  #listsOf(rows: Int32Array): Int32Array {
    return rows.includes(-1) ? rows.map((row) => (row < 0 ? this.#rows : row)) : rows;
  }
}
