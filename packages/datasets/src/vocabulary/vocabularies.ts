import type { Vocabulary } from '../dataset';
import { IntegerTable } from './integer-table';
import { StringTable } from './string-table';

/** The ids `first` to `first + size - 1`, which need no table. */
export function rangeVocabulary(size: number, first: number): Vocabulary {
  return {
    kind: 'integer',
    size,
    idAt: (row) => first + row,
    rowOf: (id) => {
      const row = typeof id === 'number' ? id - first : -1;
      return Number.isInteger(row) && row >= 0 && row < size ? row : undefined;
    },
  };
}

/** @param ids distinct safe integers, by row */
export function integerVocabulary(ids: Float64Array): Vocabulary {
  const table = new IntegerTable(ids.length);
  ids.forEach((id, row) => {
    table.add(id, row);
  });
  return {
    kind: 'integer',
    size: ids.length,
    idAt: (row) => ids[row],
    rowOf: (id) => (typeof id === 'number' ? table.get(id) : undefined),
  };
}

/** @param ids distinct, by row */
export function stringVocabulary(ids: readonly string[]): Vocabulary {
  const table = new StringTable();
  ids.forEach((id, row) => {
    table.add(id, row);
  });
  return {
    kind: 'string',
    size: ids.length,
    idAt: (row) => ids[row],
    rowOf: (id) => (typeof id === 'string' ? table.get(id) : undefined),
  };
}

/** The rows of a vocabulary that `keep` names, in its order. */
export function selectRows(vocabulary: Vocabulary, keep: Int32Array): Vocabulary {
  if (vocabulary.kind === 'string') return stringVocabulary(Array.from(keep, (row) => String(vocabulary.idAt(row))));
  return integerVocabulary(Float64Array.from(keep, (row) => Number(vocabulary.idAt(row))));
}
