/** Where a merge finds the vectors of items. */
export interface VectorSources {
  readonly dim: number;
  /** Of every item that was changed, by row: `[dim]` each. */
  readonly changed: ReadonlyMap<number, Float32Array>;
  /** How many items the first base holds, from row 0. */
  readonly storedRows: number;
  /** @param into `[count, dim]`, written: the rows `first .. first + count` of the first base */
  readonly readStored: (first: number, into: Float32Array) => Promise<void>;
}

export interface MergedVectors {
  /** `[rows, dim]` */
  readonly vectors: Float32Array;
  /** By label the vectors that are not those of the first base. */
  readonly changed: ReadonlyMap<number, Float32Array>;
}

/** Copied between two turns of the event loop, or read at once: 128 KiB of 128 dimensions, for new memory takes its time. */
const ROWS_PER_TURN = 256;

/**
 * The one copy of the vectors that a merge holds: those of the base are read into it from where they are.
 * @param rows in the order of the labels that they shall have
 */
export async function mergedVectors(rows: Int32Array, sources: VectorSources): Promise<MergedVectors> {
  const { dim } = sources;
  // Shared, as V8 does not count such memory; it would stop everything and collect for other memory of this size. It goes
  // with the next collection, which comes with the changes that come before the next merge.
  const vectors = new Float32Array(new SharedArrayBuffer(rows.length * dim * Float32Array.BYTES_PER_ELEMENT));
  const changed = new Map<number, Float32Array>();
  let turnEnd = 0;
  for (let label = 0; label < rows.length;) {
    if (label >= turnEnd) {
      await new Promise(setImmediate);
      turnEnd = label + ROWS_PER_TURN;
    }
    const own = sources.changed.get(rows[label]);
    if (own !== undefined) {
      changed.set(label, own);
      vectors.set(own, label * dim);
      label++;
      continue;
    }
    const count = storedRun(rows, label, sources);
    if (count > 0) {
      await sources.readStored(rows[label], vectors.subarray(label * dim, (label + count) * dim));
      label += count;
    } else {
      // Of an item that was deleted since, there is none; its label is dead before the graph is searched.
      vectors.fill(1, label * dim, (label + 1) * dim);
      label++;
    }
  }
  return { vectors, changed };
}

/** How many rows from a label on follow one another in the first base and have its vectors, of those read at once. */
function storedRun(
  rows: Int32Array,
  label: number,
  { changed, storedRows }: Pick<VectorSources, 'changed' | 'storedRows'>,
): number {
  const first = rows[label];
  const most = Math.min(storedRows - first, rows.length - label, ROWS_PER_TURN);
  let count = 0;
  while (count < most && rows[label + count] === first + count && !changed.has(first + count)) count++;
  return count;
}
