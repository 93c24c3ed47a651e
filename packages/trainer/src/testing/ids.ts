import type { Vocabulary } from '@vector-recall/datasets';

/** A vocabulary of a few ids, by row: all integers or all strings. */
export function idsOf(ids: readonly (number | string)[]): Vocabulary {
  return {
    kind: ids.every((id) => typeof id === 'number') ? 'integer' : 'string',
    size: ids.length,
    idAt: (row) => ids[row],
    rowOf: (id) => (ids.includes(id) ? ids.indexOf(id) : undefined),
  };
}

/** The numbers from 0 to `size` − 1. */
export function range(size: number): number[] {
  return Array.from({ length: size }, (_, n) => n);
}
