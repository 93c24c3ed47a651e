import type { LabelsField, VectorsField } from '../fields';
import { int32Column } from './growable';

/** The given rows of a field, in that order; rows beyond its end come out without a label. */
export function selectLabels(field: LabelsField, rows: Int32Array): LabelsField {
  if (field.kind === 'category') {
    const { values } = field;
    return { ...field, values: rows.map((row) => (row < values.length ? values[row] : -1)) };
  }
  const offsets = new Int32Array(rows.length + 1);
  const values = int32Column();
  for (const [place, row] of rows.entries()) {
    const end = row + 1 < field.offsets.length ? field.offsets[row + 1] : 0;
    for (let at = end === 0 ? 0 : field.offsets[row]; at < end; at++) values.push(field.values[at]);
    offsets[place + 1] = values.length;
  }
  return { ...field, offsets, values: values.toArray() };
}

/** The given rows of a field, in that order. */
export function selectVectors(field: VectorsField, rows: Int32Array): VectorsField {
  const { width } = field;
  const values = new Float32Array(rows.length * width);
  for (const [place, row] of rows.entries()) {
    values.set(field.values.subarray(row * width, (row + 1) * width), place * width);
  }
  return { ...field, values };
}
