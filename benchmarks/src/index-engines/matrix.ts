import { readFloats } from '@vector-recall/model-store';

export interface Matrix {
  /** `[rows, dim]` */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dim: number;
}

/** @throws where the file does not hold rows */
export async function readMatrix(file: string): Promise<Matrix> {
  const { shape, values } = await readFloats(file);
  if (shape.length !== 2) throw new Error(`${file} has the shape [${shape.join(', ')}], not one vector in each row.`);
  return { values, rows: shape[0], dim: shape[1] };
}

export function rowsOf({ values, rows, dim }: Matrix): Float32Array[] {
  return Array.from({ length: rows }, (_, row) => values.subarray(row * dim, (row + 1) * dim));
}
