import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { BlockColumns } from '../embedding/block';
import { lookUp } from '../embedding/lookup';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import { FieldSet, type FieldValues } from '../fields/field-set';
import { startFromFields } from '../fields/start-from-fields';
import type { ParameterSet } from './parameter-set';
import type { StepWeights } from './step-weights';
import { createTrunk, type Trunk } from './trunk';
import type { ItemInputs, Parameter } from './types';

/** Items looked up on the host. The arrays hold until the next look-up. */
export interface ItemBlocks {
  readonly count: number;
  /** `[count, tableWidth]`: the embeddings of id and label fields side by side, one upload and one gradient for all. */
  readonly embedded: Float32Array;
  readonly fields: readonly FieldValues[];
}

/** id → embedding, fields → embeddings and projections; then the trunk. */
export class ItemTower {
  /** `[items, idDim]` */
  readonly idTable: Parameter;
  /** Columns of the embedded block. */
  readonly tableWidth: number;
  readonly #idDim: number;
  readonly #fields: FieldSet;
  readonly trunk: Trunk;
  readonly #scratch = new Scratch();

  constructor(parameters: ParameterSet, config: ModelConfig, inputs: ItemInputs) {
    const { idDim, itemIdStart } = config;
    const { count, fields = [] } = inputs;
    this.#idDim = idDim;
    const start = itemIdStart === 'attributes' ? startFromFields(fields) : undefined;
    this.idTable = parameters.table('item.id.table', count, idDim, start);
    this.#fields = new FieldSet(parameters, 'item', fields, config);
    this.tableWidth = idDim + this.#fields.tableWidth;
    const inputWidth = this.tableWidth + this.#fields.projectedWidth;
    this.trunk = createTrunk(parameters, 'item.mlp', inputWidth, config);
  }

  /** Empties the id rows of items, which is how an item without an id is read. */
  forget(items: Int32Array): void {
    for (const item of items) this.idTable.values.fill(0, item * this.#idDim, (item + 1) * this.#idDim);
  }

  /** @param ids the rows, -1 where the id is not to be read */
  lookUp(rows: Int32Array, ids = rows): ItemBlocks {
    const embedded = this.#scratch.take(rows.length * this.tableWidth);
    lookUp(this.idTable.values, this.#idDim, ids, this.#columns(embedded, 0));
    this.#fields.lookUp(rows, this.#columns(embedded, this.#idDim));
    return { count: rows.length, embedded, fields: this.#fields.valuesOf(rows) };
  }

  upload({ embedded, count }: ItemBlocks): tf.Tensor2D {
    return tf.tensor2d(embedded, [count, this.tableWidth]);
  }

  /** The inputs, `[count, width]` each. */
  inputsOf(embedded: tf.Tensor2D, blocks: ItemBlocks, weights: StepWeights): tf.Tensor2D[] {
    return [embedded, ...this.#fields.project(blocks.fields, blocks.count, weights)];
  }

  /**
   * Adds the gradient of the embedded block to the rows it came from.
   * @param ids as in {@link lookUp}
   * @param gradient `[rows, tableWidth]`
   * @param into the sums of each table of this tower
   */
  scatter(rows: Int32Array, ids: Int32Array, gradient: Float32Array, into: (table: Parameter) => RowGradients): void {
    into(this.idTable).add(ids, this.#columns(gradient, 0));
    this.#fields.scatter(rows, this.#columns(gradient, this.#idDim), into);
  }

  #columns(values: Float32Array, offset: number): BlockColumns {
    return { values, stride: this.tableWidth, offset };
  }
}
