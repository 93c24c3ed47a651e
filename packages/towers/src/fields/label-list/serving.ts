import { weightOf, type StoredTowers } from '../../persistence/tower-file';
import type { Columns } from '../../serving/matrix';
import type { LabelListInput } from '../field-input';
import type { ServingField } from '../serving-field';

/** The twin of `TowerLabelList`. */
export class ServingLabelList implements ServingField {
  /** `[count, width]` */
  readonly #table: Float32Array;

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly field: LabelListInput,
    readonly width: number,
  ) {
    this.#table = weightOf(towers, `${name}.table`, [field.count, width]);
  }

  encode(rows: Int32Array, { values, stride, offset }: Columns): void {
    const { offsets, values: labels } = this.field;
    for (let i = 0; i < rows.length; i++) {
      const to = i * stride + offset;
      values.fill(0, to, to + this.width);
      if (rows[i] < 0) continue;
      const start = offsets[rows[i]];
      const end = offsets[rows[i] + 1];
      for (let entry = start; entry < end; entry++) {
        const from = labels[entry] * this.width;
        for (let d = 0; d < this.width; d++) values[to + d] += this.#table[from + d] / (end - start);
      }
    }
  }
}
