import type { Scorer } from '../scorer';
import type { EvaluationTask } from '../task';
import { CoOccurrences, interactionMatrix, type KnownEvents } from './interaction-matrix';
import { TaskHistories } from './task-histories';

/** Bytes of neighbours that are kept between blocks of users. Others are counted again for each block. */
const KEPT_BYTES = 512 * 1024 * 1024;

/** One item's cosines to the others: `columns.length` of them, above 0, or one for every column where most are. */
interface Neighbours {
  /** Columns of the catalogue, ascending; absent where every column has a value. */
  readonly columns?: Int32Array;
  readonly cosines: Float32Array;
}

/**
 * Item-based nearest neighbours (Sarwar et al. 2001) with all neighbours and no shrinkage: an item's vector holds a one
 * for every user who has it, and a user's score of an item is the sum of its cosines to each of their items.
 *
 * @param known what it learns from; what the task itself knows by default
 */
export function itemKnnScorer(task: EvaluationTask, known: KnownEvents = task): Scorer {
  const histories = new TaskHistories(task);
  let neighbours: NeighbourTable | undefined;
  return {
    name: 'item-kNN',
    prepare(columns) {
      neighbours = new NeighbourTable(known, columns);
    },
    score(users, columns, out) {
      const table = neighbours;
      if (table === undefined) throw new RangeError('prepare comes before score.');
      out.fill(0, 0, users.length * columns.length);
      const rows: Neighbours[][] = Array.from(users, () => []);
      for (const [item, places] of histories.byItem(users)) {
        const { isKept, ...row } = table.of(item);
        for (const place of places) {
          if (isKept) rows[place].push(row);
          else addRow(row, out, place * columns.length);
        }
      }
      // User by user, so that the scores that are added to stay in the processor's cache.
      rows.forEach((ofUser, place) => {
        for (const row of ofUser) addRow(row, out, place * columns.length);
      });
    },
    dispose() {
      neighbours = undefined;
    },
  };
}

function addRow({ columns, cosines }: Neighbours, out: Float32Array, start: number): void {
  if (columns === undefined) for (let n = 0; n < cosines.length; n++) out[start + n] += cosines[n];
  else for (let n = 0; n < columns.length; n++) out[start + columns[n]] += cosines[n];
}

class NeighbourTable {
  readonly #coOccurrences: CoOccurrences;
  readonly #columnOf: Int32Array;
  readonly #kept = new Map<number, Neighbours>();
  readonly #row: Float32Array;
  #room = KEPT_BYTES;

  constructor(known: KnownEvents, columns: Int32Array) {
    this.#coOccurrences = new CoOccurrences(interactionMatrix(known));
    this.#columnOf = new Int32Array(known.log.itemCount).fill(-1);
    columns.forEach((item, column) => (this.#columnOf[item] = column));
    this.#row = new Float32Array(columns.length);
  }

  /** What is not kept is overwritten by the next call. */
  of(item: number): Neighbours & { readonly isKept: boolean } {
    const known = this.#kept.get(item);
    if (known) return { ...known, isKept: true };
    const size = this.#fillRow(item);
    const bytes = Math.min(8 * size, 4 * this.#row.length);
    if (bytes > this.#room) return { cosines: this.#row, isKept: false };
    this.#room -= bytes;
    const row = 2 * size < this.#row.length ? sparse(this.#row, size) : { cosines: this.#row.slice() };
    this.#kept.set(item, row);
    return { ...row, isKept: true };
  }

  /** @returns how many of the columns are neighbours */
  #fillRow(item: number): number {
    this.#row.fill(0);
    const users = this.#coOccurrences.countOf(item);
    let size = 0;
    this.#coOccurrences.forEach(item, (other, shared) => {
      const column = this.#columnOf[other];
      if (column < 0) return;
      this.#row[column] = shared / Math.sqrt(users * this.#coOccurrences.countOf(other));
      size++;
    });
    return size;
  }
}

function sparse(row: Float32Array, size: number): Neighbours {
  const columns = new Int32Array(size);
  const cosines = new Float32Array(size);
  let filled = 0;
  for (let column = 0; column < row.length; column++) {
    if (row[column] === 0) continue;
    columns[filled] = column;
    cosines[filled++] = row[column];
  }
  return { columns, cosines };
}
