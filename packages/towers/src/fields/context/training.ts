import type { ModelConfig } from '@vector-recall/core-config';
import type { BlockColumns } from '../../embedding/block';
import { lookUp } from '../../embedding/lookup';
import type { RowGradients } from '../../embedding/row-gradients';
import type { ParameterSet } from '../../model/parameter-set';
import type { Parameter } from '../../model/types';
import type { ContextInput } from '../field-input';
import { fieldWidth } from '../field-width';
import { contextWeight } from './context-weight';

/** The embeddings of the labels that a batch brings along, side by side; zeros where a label is unknown. */
export class TowerContext {
  readonly #tables: readonly Parameter[];
  readonly #width: number;

  constructor(parameters: ParameterSet, context: readonly ContextInput[], config: ModelConfig) {
    this.#width = fieldWidth('category', config);
    this.#tables = context.map(({ name, count }) => parameters.table(contextWeight(name), count, this.#width));
  }

  get tableWidth(): number {
    return this.#tables.length * this.#width;
  }

  /**
   * Fills the columns of a block from `out.offset` on.
   * @param labels `[batch]` for each part of the context; without it all of it is unknown
   */
  lookUp(labels: readonly Int32Array[] | undefined, rows: number, out: BlockColumns): void {
    this.#eachTable(out, (table, columns, place) => {
      lookUp(table.values, this.#width, labels?.[place] ?? new Int32Array(rows).fill(-1), columns);
    });
  }

  /** Adds the gradient of what {@link lookUp} filled to the rows of the tables. */
  scatter(
    labels: readonly Int32Array[] | undefined,
    gradient: BlockColumns,
    into: (table: Parameter) => RowGradients,
  ): void {
    if (labels === undefined) return;
    this.#eachTable(gradient, (table, columns, place) => {
      into(table).add(labels[place], columns);
    });
  }

  #eachTable(
    { values, stride, offset }: BlockColumns,
    visit: (table: Parameter, at: BlockColumns, place: number) => void,
  ): void {
    for (const [place, table] of this.#tables.entries()) {
      visit(table, { values, stride, offset: offset + place * this.#width }, place);
    }
  }
}
