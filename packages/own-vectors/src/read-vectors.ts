import { checkMatrix, type Space } from '@vector-recall/hnsw-index';
import { readFloats } from '@vector-recall/model-store';
import { OwnVectorsError } from './errors';

export interface VectorMatrix {
  /** `[rows, dim]`, finite, no zero row for `cosine`. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dim: number;
}

/**
 * Reads vectors from a .npy file of float32, float64 or float16, one vector a row.
 *
 * @throws ArtifactFileError where the file is of another kind, OwnVectorsError where it does not hold rows, and
 * IndexArgumentError, which names the row, where one of them can't be searched
 */
export async function readVectors(file: string, space: Space): Promise<VectorMatrix> {
  const { shape, values } = await readFloats(file);
  const [rows, dim] = shape;
  if (shape.length !== 2 || rows === 0 || dim === 0) {
    throw new OwnVectorsError(
      file,
      `${file} has the shape [${shape.join(', ')}], but it must have one vector in each of its rows.`,
    );
  }
  checkMatrix(file, values, dim, space);
  return { values, rows, dim };
}

/**
 * Reads vectors to search by.
 * @throws as {@link readVectors}, and OwnVectorsError where they are of another width than the index
 */
export async function readQueries(file: string, index: { readonly dim: number; readonly space: Space }) {
  const queries = await readVectors(file, index.space);
  if (queries.dim === index.dim) return queries;
  throw new OwnVectorsError(
    file,
    `The vectors of ${file} have ${queries.dim} dimensions, but those of the index have ${index.dim}.`,
  );
}
