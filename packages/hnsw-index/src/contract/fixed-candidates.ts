import type { ConcurrentIndex } from '../concurrent-index';
import { writeDirections } from '../diversity/directions';
import type { Space } from '../vector-index';
import type { CandidateIndex, IndexSnapshot, SnapshotVectors } from './candidate-index';

/** An index that never changes, as candidates: its rows are the items' rows, and one snapshot serves all. */
export class FixedCandidates implements CandidateIndex {
  readonly #snapshot: IndexSnapshot;

  /** @param vectorOf reads the vector of a row in [0, size) */
  constructor(
    private readonly index: ConcurrentIndex,
    vectorOf: (row: number) => Promise<Float32Array>,
  ) {
    const vectorIfThere = (row: number): Promise<Float32Array | undefined> =>
      row >= 0 && row < index.size ? vectorOf(row) : Promise.resolve(undefined);
    let stored: SnapshotVectors['stored'] | undefined;
    this.#snapshot = {
      itemCount: index.size,
      search: (queries, signal) => index.searchMany(queries, signal),
      vectorOf: vectorIfThere,
      writeDirections: async (rows, into) => {
        if (index.writeDirections === undefined) await writeDirections(rows, vectorIfThere, into);
        else index.writeDirections(rows, into);
      },
      vectors: () => ({ stored: (stored ??= allRows(index.size)), changed: [] }),
      lease: () => this.#snapshot,
      release: () => undefined,
    };
  }

  get dim(): number {
    return this.index.dim;
  }

  get space(): Space {
    return this.index.space;
  }

  get efSearch(): number {
    return this.index.efSearch;
  }

  get queueLength(): number {
    return this.index.queueLength;
  }

  lease(): IndexSnapshot {
    return this.#snapshot;
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

function allRows(rowCount: number): SnapshotVectors['stored'] {
  const words = new Uint32Array(Math.ceil(rowCount / 32)).fill(2 ** 32 - 1);
  if (rowCount % 32 !== 0) words[words.length - 1] = 2 ** (rowCount % 32) - 1;
  return { words, rowCount };
}
