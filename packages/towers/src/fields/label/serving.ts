import { weightOf, type StoredTowers } from '../../persistence/tower-file';
import type { Columns } from '../../serving/matrix';
import type { LabelInput } from '../field-input';
import type { ServingField } from '../serving-field';

/** The twin of `TowerLabel`. */
export class ServingLabel implements ServingField {
  /** `[count, width]` */
  readonly #table: Float32Array;

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly field: LabelInput,
    readonly width: number,
  ) {
    this.#table = weightOf(towers, `${name}.table`, [field.count, width]);
  }

  encode(rows: Int32Array, { values, stride, offset }: Columns): void {
    for (let i = 0; i < rows.length; i++) {
      const to = i * stride + offset;
      const label = rows[i] < 0 ? -1 : this.field.values[rows[i]];
      const from = label * this.width;
      for (let d = 0; d < this.width; d++) values[to + d] = label < 0 ? 0 : this.#table[from + d];
    }
  }
}
