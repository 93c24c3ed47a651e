import { join } from 'node:path';
import { writeNpy } from '@vector-recall/model-store';
import { readHnswlibFile } from './read-hnswlib';

/** The vectors of an index of hnswlib as files that an index is built from. */
export interface StagedVectors {
  /** A .npy file, `[rows, dim]`, in the order of the labels. */
  readonly vectors: string;
  /** A .npy file of the labels, int64, `[rows]`. */
  readonly labels: string;
  /** Whether the labels are 0 to rows - 1, so that they may stand for lines of a file of ids. */
  readonly labelsAreRows: boolean;
  readonly m: number;
  readonly efConstruction: number;
}

/**
 * Writes what an index of hnswlib holds into a folder.
 * @throws ImportError, FileError
 */
export async function stageHnswlibFile(file: string, folder: string): Promise<StagedVectors> {
  const { labels, vectors, dim, m, efConstruction } = await readHnswlibFile(file);
  const order = Array.from(labels, (_, row) => row).sort((a, b) => (labels[a] < labels[b] ? -1 : 1));
  const sortedLabels = BigInt64Array.from(order, (row) => labels[row]);
  const sorted = new Float32Array(vectors.length);
  order.forEach((row, to) => {
    sorted.set(vectors.subarray(row * dim, (row + 1) * dim), to * dim);
  });
  const staged = { vectors: join(folder, 'vectors.npy'), labels: join(folder, 'labels.npy') };
  await writeNpy(staged.vectors, sorted, [order.length, dim]);
  await writeNpy(staged.labels, sortedLabels);
  return { ...staged, labelsAreRows: sortedLabels.every((label, row) => label === BigInt(row)), m, efConstruction };
}
