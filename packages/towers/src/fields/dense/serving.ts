import { weightOf, type StoredTowers } from '../../persistence/tower-file';
import { DenseLayer } from '../../serving/dense-layer';
import { loadProjection } from '../../serving/layers';
import { DoubleScratch, type Columns } from '../../serving/matrix';
import type { DenseInput } from '../field-input';
import type { ServingField } from '../serving-field';

/** The twin of `TowerDense`. */
export class ServingDense implements ServingField {
  readonly #layer: DenseLayer;
  readonly #scratch = new DoubleScratch();

  constructor(
    towers: StoredTowers,
    name: string,
    private readonly field: DenseInput,
    readonly width: number,
  ) {
    this.#layer =
      field.kind === 'numbers'
        ? loadProjection(towers, name, field.width, width)
        : loadLinear(towers, name, field.width, width);
  }

  encode(rows: Int32Array, out: Columns, fresh?: Float32Array): void {
    const { width, values } = this.field;
    const inputs = this.#scratch.take(rows.length * width);
    if (fresh) inputs.set(fresh);
    else {
      for (let i = 0; i < rows.length; i++) {
        const from = rows[i] * width;
        for (let d = 0; d < width; d++) inputs[i * width + d] = rows[i] < 0 ? 0 : values[from + d];
      }
    }
    this.#layer.forward({ values: inputs, stride: width, offset: 0 }, out, rows.length);
  }
}

/** x·W */
function loadLinear(towers: StoredTowers, name: string, inputs: number, width: number): DenseLayer {
  const weight = weightOf(towers, `${name}.weight`, [inputs, width]);
  return new DenseLayer(weight, new Float32Array(width), inputs, width, false);
}
