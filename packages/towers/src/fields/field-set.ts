import * as tf from '@tensorflow/tfjs';
import type { ModelConfig } from '@vector-recall/core-config';
import type { BlockColumns } from '../embedding/block';
import type { RowGradients } from '../embedding/row-gradients';
import type { ParameterSet } from '../model/parameter-set';
import type { StepWeights } from '../model/step-weights';
import type { Parameter } from '../model/types';
import { createField } from './create-field';
import type { FieldInput } from './field-input';
import type { EmbeddedField, ProjectedField } from './tower-field';

/** Numbers of a batch that a field projects, `[rows, width]`. */
export interface FieldValues {
  readonly width: number;
  readonly values: Float32Array;
}

/** The fields of a tower: the embedded ones share a block with the id, the others are projected one by one. */
export class FieldSet {
  readonly #embedded: readonly EmbeddedField[];
  readonly #projected: readonly ProjectedField[];
  /** Place of the field of numbers among the projected ones, -1 without one. */
  readonly #numbersAt: number;

  constructor(parameters: ParameterSet, tower: 'user' | 'item', fields: readonly FieldInput[], config: ModelConfig) {
    const made = fields.map((field) => ({ kind: field.kind, field: createField(parameters, tower, field, config) }));
    this.#embedded = made.flatMap(({ field }) => (field.form === 'embedded' ? [field] : []));
    const projected = made.flatMap(({ kind, field }) => (field.form === 'projected' ? [{ kind, field }] : []));
    this.#projected = projected.map(({ field }) => field);
    this.#numbersAt = projected.findIndex(({ kind }) => kind === 'numbers');
  }

  /** Columns of the embedded block. */
  get tableWidth(): number {
    return sumOf(this.#embedded);
  }

  /** Columns that the projections fill. */
  get projectedWidth(): number {
    return sumOf(this.#projected);
  }

  get tables(): readonly Parameter[] {
    return this.#embedded.map(({ table }) => table);
  }

  /** Fills the columns of a block from `out.offset` on; zeros for a row of -1. */
  lookUp(rows: Int32Array, out: BlockColumns): void {
    this.#eachEmbedded(out, (field, columns) => {
      field.lookUp(rows, columns);
    });
  }

  /** Adds the gradient of what {@link lookUp} filled to the rows of the tables. */
  scatter(rows: Int32Array, gradient: BlockColumns, into: (table: Parameter) => RowGradients): void {
    this.#eachEmbedded(gradient, (field, columns) => {
      field.scatter(rows, columns, into(field.table));
    });
  }

  /** @param numbers `[rows, width]`, in place of what the field of numbers has stored */
  valuesOf(rows: Int32Array, numbers?: Float32Array): FieldValues[] {
    return this.#projected.map((field, i) => ({
      width: field.inputWidth,
      values: numbers && i === this.#numbersAt ? numbers : field.valuesOf(rows),
    }));
  }

  /** The projections, `[rows, width]` each. @param blocks as {@link valuesOf} gives them */
  project(blocks: readonly FieldValues[], rows: number, weights: StepWeights): tf.Tensor2D[] {
    return this.#projected.map((field, i) => {
      const { values, width } = blocks[i];
      return field.project(tf.tensor2d(values, [rows, width]), weights);
    });
  }

  #eachEmbedded({ values, stride, offset }: BlockColumns, visit: (field: EmbeddedField, at: BlockColumns) => void) {
    let at = offset;
    for (const field of this.#embedded) {
      visit(field, { values, stride, offset: at });
      at += field.width;
    }
  }
}

function sumOf(fields: readonly { readonly width: number }[]): number {
  return fields.reduce((sum, { width }) => sum + width, 0);
}
