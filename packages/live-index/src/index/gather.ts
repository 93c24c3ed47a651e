import { BlockPart } from './block-part';
import { GraphPart } from './graph-part';

/** Where an item is found that the base does not hold as it is now. */
export interface Place {
  readonly part: GraphPart | BlockPart;
  readonly label: number;
}

/** Rows that a merge takes up, and where each was found when it began. */
export interface Gathered {
  readonly rows: Int32Array;
  readonly places: readonly Place[];
}

/** The living rows of some parts, in their order. */
export function gather(from: readonly (GraphPart | BlockPart)[]): Gathered {
  const rows: number[] = [];
  const places: Place[] = [];
  for (const part of from) {
    const size = part instanceof GraphPart ? part.index.size : part.size;
    for (let label = 0; label < size; label++) {
      if (part.isDead(label)) continue;
      rows.push(part.rowAt(label));
      places.push({ part, label });
    }
  }
  return { rows: Int32Array.from(rows), places };
}
