import { weightOf, type StoredTowers } from '../../persistence/tower-file';
import type { Columns } from '../../serving/matrix';
import type { ContextInput } from '../field-input';
import { fieldWidth } from '../field-width';
import { contextWeight } from './context-weight';

/** The twin of `TowerContext`. */
export class ServingContext {
  readonly #tables: readonly Float32Array[];
  readonly #width: number;

  constructor(towers: StoredTowers, context: readonly ContextInput[]) {
    this.#width = fieldWidth('category', towers.config);
    this.#tables = context.map(({ name, count }) => weightOf(towers, contextWeight(name), [count, this.#width]));
  }

  get width(): number {
    return this.#tables.length * this.#width;
  }

  /** @param labels as of `TowerContext.lookUp` */
  encode(labels: readonly Int32Array[] | undefined, rows: number, { values, stride, offset }: Columns): void {
    for (const [place, table] of this.#tables.entries()) {
      for (let row = 0; row < rows; row++) {
        const label = labels?.[place][row] ?? -1;
        const to = row * stride + offset + place * this.#width;
        const from = label * this.#width;
        for (let d = 0; d < this.#width; d++) values[to + d] = label < 0 ? 0 : table[from + d];
      }
    }
  }
}
