import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { BlockColumns } from '../embedding/block';
import { lookUp, lookUpMean } from '../embedding/lookup';
import type { RowGradients } from '../embedding/row-gradients';
import { Scratch } from '../embedding/scratch';
import { fromAttributes } from './attribute-rows';
import { Mlp } from './mlp';
import type { ParameterSet } from './parameter-set';
import { Projection } from './projection';
import type { StepWeights } from './step-weights';
import type { ItemInputs, Parameter } from './types';

/** Items looked up on the host. The arrays hold until the next look-up. */
export interface ItemBlocks {
  readonly count: number;
  /** `[count, tableWidth]`: id, category and mean tag embedding side by side, one upload and one gradient for all. */
  readonly embedded: Float32Array;
  /** `[count, features]` */
  readonly features?: Float32Array;
}

interface TableInput<Source> {
  readonly table: Parameter;
  readonly source: Source;
  readonly dim: number;
  /** First column in the embedded block. */
  readonly offset: number;
}

/** id, category → embeddings, tags → mean of embeddings, features → projection; then the trunk. */
export class ItemTower {
  /** `[items, idDim]` */
  readonly idTable: Parameter;
  /** Columns of the embedded block. */
  readonly tableWidth: number;
  readonly #idDim: number;
  readonly #categories?: TableInput<NonNullable<ItemInputs['categories']>>;
  readonly #tags?: TableInput<NonNullable<ItemInputs['tags']>>;
  readonly #features?: Projection;
  readonly #mlp: Mlp;
  readonly #scratch = new Scratch();
  readonly #featureScratch = new Scratch();

  constructor(
    parameters: ParameterSet,
    config: ModelConfig,
    private readonly inputs: ItemInputs,
  ) {
    const { idDim, categoryDim, tagDim } = config;
    this.#idDim = idDim;
    this.idTable = parameters.table(
      'item.id.table',
      inputs.count,
      idDim,
      config.itemIdStart === 'attributes' ? fromAttributes(inputs) : undefined,
    );
    let width = idDim;
    if (inputs.categories) {
      const table = parameters.table('item.category.table', inputs.categories.count, categoryDim);
      this.#categories = { table, source: inputs.categories, dim: categoryDim, offset: width };
      width += categoryDim;
    }
    if (inputs.tags) {
      const table = parameters.table('item.tag.table', inputs.tags.count, tagDim);
      this.#tags = { table, source: inputs.tags, dim: tagDim, offset: width };
      width += tagDim;
    }
    this.tableWidth = width;
    if (inputs.features) {
      this.#features = new Projection(parameters, 'item.features', inputs.features.width, config.featureDim);
    }
    this.#mlp = new Mlp(parameters, 'item.mlp', {
      inputWidth: width + (this.#features?.width ?? 0),
      hiddenDims: config.hiddenDims,
      outputWidth: config.embeddingDim,
      dropout: config.dropout,
    });
  }

  get mlp(): Mlp {
    return this.#mlp;
  }

  /** The tables besides the item-id table. */
  get attributeTables(): readonly Parameter[] {
    return [this.#categories, this.#tags].flatMap((input) => (input ? [input.table] : []));
  }

  /** Empties the id rows of items, which is how an item without an id is read. */
  forget(items: Int32Array): void {
    for (const item of items) this.idTable.values.fill(0, item * this.#idDim, (item + 1) * this.#idDim);
  }

  /** @param ids the rows, -1 where the id is not to be read */
  lookUp(rows: Int32Array, ids = rows): ItemBlocks {
    const embedded = this.#scratch.take(rows.length * this.tableWidth);
    lookUp(this.idTable.values, this.#idDim, ids, this.#columns(embedded, 0));
    if (this.#categories) {
      const { table, source, dim, offset } = this.#categories;
      lookUp(table.values, dim, pick(source.values, rows), this.#columns(embedded, offset));
    }
    if (this.#tags) {
      const { table, source, dim, offset } = this.#tags;
      lookUpMean(table.values, dim, tagLists(source), this.#columns(embedded, offset), rows);
    }
    return { count: rows.length, embedded, features: this.#featuresOf(rows) };
  }

  upload({ embedded, count }: ItemBlocks): tf.Tensor2D {
    return tf.tensor2d(embedded, [count, this.tableWidth]);
  }

  /** The inputs side by side, `[count, inputs]`. */
  concatenate(embedded: tf.Tensor2D, blocks: ItemBlocks, weights: StepWeights): tf.Tensor2D {
    if (!this.#features || !blocks.features || !this.inputs.features) return embedded;
    const features = tf.tensor2d(blocks.features, [blocks.count, this.inputs.features.width]);
    return tf.concat2d([embedded, this.#features.forwardConstant(features, weights)], 1);
  }

  /**
   * Adds the gradient of the embedded block to the rows it came from.
   * @param ids as in {@link lookUp}
   * @param gradient `[rows, tableWidth]`
   * @param into the sums of each table of this tower
   */
  scatter(rows: Int32Array, ids: Int32Array, gradient: Float32Array, into: (table: Parameter) => RowGradients): void {
    into(this.idTable).add(ids, this.#columns(gradient, 0));
    if (this.#categories) {
      const { table, source, offset } = this.#categories;
      into(table).add(pick(source.values, rows), this.#columns(gradient, offset));
    }
    if (this.#tags) {
      const { table, source, offset } = this.#tags;
      into(table).addMean(tagLists(source), this.#columns(gradient, offset), rows);
    }
  }

  #columns(values: Float32Array, offset: number): BlockColumns {
    return { values, stride: this.tableWidth, offset };
  }

  #featuresOf(rows: Int32Array): Float32Array | undefined {
    if (!this.inputs.features) return undefined;
    const { width, values } = this.inputs.features;
    const out = this.#featureScratch.take(rows.length * width);
    lookUp(values, width, rows, { values: out, stride: width, offset: 0 });
    return out;
  }
}

function pick(values: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => values[row]);
}

function tagLists({ offsets, values }: NonNullable<ItemInputs['tags']>) {
  return { offsets, rows: values };
}
