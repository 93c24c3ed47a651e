import type { Columns } from './matrix';

/** Rows and columns of a product that are computed together, so that each value that is loaded is used several times. */
const ROWS = 4;
const COLUMNS = 2;

/** x·W + b, then a ReLU if it is asked for. */
export class DenseLayer {
  /**
   * `[⌈outputs / 2⌉, inputs, 2]`: the weights of two columns side by side, in the order in which the product reads them;
   * a column that there is not is zero.
   */
  readonly #panels: Float64Array;
  /** `[outputs, and one where they are odd]` */
  readonly #bias: Float64Array;

  /**
   * @param weight `[inputs, outputs]`
   * @param bias `[outputs]`
   */
  constructor(
    weight: ArrayLike<number>,
    bias: ArrayLike<number>,
    readonly inputs: number,
    readonly outputs: number,
    private readonly hasRelu: boolean,
  ) {
    const panels = Math.ceil(outputs / COLUMNS);
    this.#panels = new Float64Array(panels * inputs * COLUMNS);
    this.#bias = new Float64Array(panels * COLUMNS);
    for (let column = 0; column < outputs; column++) {
      const panel = Math.floor(column / COLUMNS);
      this.#bias[column] = bias[column];
      for (let input = 0; input < inputs; input++) {
        this.#panels[(panel * inputs + input) * COLUMNS + (column % COLUMNS)] = weight[input * outputs + column];
      }
    }
  }

  /** x `[rows, inputs]` → y `[rows, outputs]` */
  forward(x: Columns, y: Columns, rows: number): void {
    let row = 0;
    for (; row + ROWS <= rows; row += ROWS) this.#fourRows(x, y, row);
    for (; row < rows; row++) this.#oneRow(x, y, row);
  }

  #fourRows(x: Columns, y: Columns, row: number): void {
    const { inputs, outputs } = this;
    const panels = this.#panels;
    const bias = this.#bias;
    const from = x.values;
    const a = row * x.stride + x.offset;
    const b = a + x.stride;
    const c = b + x.stride;
    const d = c + x.stride;
    let weight = 0;
    for (let column = 0; column < outputs; column += COLUMNS) {
      let a0 = bias[column];
      let a1 = bias[column + 1];
      let [b0, b1, c0, c1, d0, d1] = [a0, a1, a0, a1, a0, a1];
      for (let i = 0; i < inputs; i++) {
        const w0 = panels[weight];
        const w1 = panels[weight + 1];
        weight += COLUMNS;
        const xa = from[a + i];
        const xb = from[b + i];
        const xc = from[c + i];
        const xd = from[d + i];
        a0 += xa * w0;
        a1 += xa * w1;
        b0 += xb * w0;
        b1 += xb * w1;
        c0 += xc * w0;
        c1 += xc * w1;
        d0 += xd * w0;
        d1 += xd * w1;
      }
      this.#store(y, row, column, a0, a1);
      this.#store(y, row + 1, column, b0, b1);
      this.#store(y, row + 2, column, c0, c1);
      this.#store(y, row + 3, column, d0, d1);
    }
  }

  #oneRow(x: Columns, y: Columns, row: number): void {
    const { inputs, outputs } = this;
    const panels = this.#panels;
    const from = x.values;
    const start = row * x.stride + x.offset;
    let weight = 0;
    for (let column = 0; column < outputs; column += COLUMNS) {
      let sum0 = this.#bias[column];
      let sum1 = this.#bias[column + 1];
      for (let i = start; i < start + inputs; i++) {
        sum0 += from[i] * panels[weight];
        sum1 += from[i] * panels[weight + 1];
        weight += COLUMNS;
      }
      this.#store(y, row, column, sum0, sum1);
    }
  }

  #store({ values, stride, offset }: Columns, row: number, column: number, first: number, second: number): void {
    const at = row * stride + offset + column;
    values[at] = this.hasRelu && first < 0 ? 0 : first;
    if (column + 1 < this.outputs) values[at + 1] = this.hasRelu && second < 0 ? 0 : second;
  }
}
