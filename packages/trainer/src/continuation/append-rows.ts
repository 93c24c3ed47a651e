import type { CatalogueField } from '@vector-recall/model-store';
import { alignFields } from './align-fields';

type LabelsOfRow = Extract<CatalogueField, { offsets: Int32Array }>;

/**
 * The fields of a stored catalogue with the rows of new data behind its own.
 *
 * @param fresh the fields of the new data; one that it lacks is unknown in the new rows
 * @param appended `[new rows]` the row in the new data of each row that is appended
 * @param freshRows rows of the new data
 */
export function appendRows(
  stored: readonly CatalogueField[],
  fresh: readonly CatalogueField[],
  { appended, freshRows, owner }: { appended: Int32Array; freshRows: number; owner: 'item' | 'user' },
): { readonly fields: readonly CatalogueField[]; readonly notes: readonly string[] } {
  const given = stored.filter((field) => fresh.some(({ kind, name }) => kind === field.kind && name === field.name));
  const aligned = alignFields(given, fresh, freshRows, owner);
  return {
    fields: stored.map((field) => {
      const place = given.indexOf(field);
      return append(field, place < 0 ? undefined : aligned.fields[place], appended);
    }),
    notes: aligned.notes,
  };
}

/** @param fresh of the same kind and name, absent where nothing is known of the new rows */
function append(stored: CatalogueField, fresh: CatalogueField | undefined, appended: Int32Array): CatalogueField {
  switch (stored.kind) {
    case 'category': {
      if (fresh?.kind !== 'category')
        return {
          ...stored,
          values: joined(
            stored.values,
            appended.map(() => -1),
          ),
        };
      const { labels, rowOf } = joinLabels(stored.labels, fresh.labels);
      const values = appended.map((row) => (fresh.values[row] < 0 ? -1 : rowOf[fresh.values[row]]));
      return { ...stored, labels, count: labels.length, values: joined(stored.values, values) };
    }
    case 'tags':
    case 'path': {
      if (fresh?.kind !== 'tags' && fresh?.kind !== 'path')
        return { ...stored, ...appendLists(stored, undefined, appended) };
      const { labels, rowOf } = joinLabels(stored.labels, fresh.labels);
      const moved = { ...fresh, values: fresh.values.map((label) => rowOf[label]) };
      return { ...stored, labels, count: labels.length, ...appendLists(stored, moved, appended) };
    }
    case 'text':
      return { ...stored, ...appendLists(stored, fresh?.kind === 'text' ? fresh : undefined, appended) };
    case 'numbers':
    case 'vectors': {
      const { width, values } = stored;
      const all = new Float32Array(values.length + appended.length * width);
      all.set(values);
      if (fresh?.kind === stored.kind) {
        appended.forEach((row, place) => {
          all.set(fresh.values.subarray(row * width, (row + 1) * width), values.length + place * width);
        });
      }
      return { ...stored, values: all };
    }
  }
}

type Lists = Pick<LabelsOfRow, 'offsets' | 'values'>;

function appendLists(stored: Lists, fresh: Lists | undefined, appended: Int32Array): Lists {
  const lists = Array.from(appended, (row) =>
    fresh === undefined ? new Int32Array(0) : fresh.values.subarray(fresh.offsets[row], fresh.offsets[row + 1]),
  );
  const rows = stored.offsets.length - 1;
  const offsets = new Int32Array(rows + lists.length + 1);
  offsets.set(stored.offsets);
  lists.forEach((list, place) => (offsets[rows + place + 1] = offsets[rows + place] + list.length));
  const values = new Int32Array(offsets[offsets.length - 1]);
  values.set(stored.values);
  lists.forEach((list, place) => {
    values.set(list, offsets[rows + place]);
  });
  return { offsets, values };
}

/** The labels of both, and the place of each label of the second among them. */
function joinLabels(
  first: readonly string[],
  second: readonly string[],
): { readonly labels: readonly string[]; readonly rowOf: Int32Array } {
  const places = new Map([...first, ...second].map((label) => [label, -1]));
  const labels = [...places.keys()];
  labels.forEach((label, place) => places.set(label, place));
  return { labels, rowOf: Int32Array.from(second, (label) => places.get(label) ?? -1) };
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
