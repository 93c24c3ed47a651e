import type * as tf from '@tensorflow/tfjs';
import type { BlockColumns } from '../embedding/block';
import type { RowGradients } from '../embedding/row-gradients';
import type { StepWeights } from '../model/step-weights';
import type { Parameter } from '../model/types';

/** A field in training: looked up in a table on the host, or projected by the backend. */
export type TowerField = EmbeddedField | ProjectedField;

/** Labels that are looked up in a table of their own and fill columns of the tower's embedded block. */
export interface EmbeddedField {
  readonly form: 'embedded';
  readonly table: Parameter;
  readonly width: number;
  /** Row i of the block is that of user or item `rows[i]`; zeros for a row of -1. */
  lookUp(rows: Int32Array, out: BlockColumns): void;
  /** Adds the gradient of what {@link lookUp} wrote to the rows of the table. */
  scatter(rows: Int32Array, gradient: BlockColumns, into: RowGradients): void;
}

/** Numbers that a layer maps to columns of the tower's input. */
export interface ProjectedField {
  readonly form: 'projected';
  /** Of what goes in. */
  readonly inputWidth: number;
  /** Of what comes out. */
  readonly width: number;
  /** `[rows, inputWidth]`, zeros for a row of -1. The array holds until the next call. */
  valuesOf(rows: Int32Array): Float32Array;
  /** `[rows, inputWidth]` → `[rows, width]` */
  project(values: tf.Tensor2D, weights: StepWeights): tf.Tensor2D;
}
