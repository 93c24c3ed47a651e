import { readNpy } from '../npy/read-npy';
import { writeNpy } from '../npy/npy-writer';
import type { FieldMeta } from './catalogue-meta';
import type { CatalogueField } from './fields';

export type Side = 'user' | 'item';

/** Name of the file that holds the values of the field at a place, or the offsets of its lists. */
export function fieldFile(side: Side, place: number, part: 'values' | 'offsets'): string {
  return `${side}-field-${place}${part === 'offsets' ? '-offsets' : ''}.npy`;
}

/** @param pathOf the path of a file of the artifact by its name */
export async function writeFields(
  side: Side,
  fields: readonly CatalogueField[],
  pathOf: (name: string) => string,
): Promise<void> {
  for (const [place, field] of fields.entries()) {
    const path = (part: 'values' | 'offsets'): string => pathOf(fieldFile(side, place, part));
    if ('offsets' in field) await writeNpy(path('offsets'), field.offsets);
    if ('width' in field) {
      await writeNpy(path('values'), field.values, [field.values.length / field.width, field.width]);
    } else {
      await writeNpy(path('values'), field.values);
    }
  }
}

/** Reads what {@link writeFields} wrote, in the order of `metas`. */
export async function readFields(
  side: Side,
  metas: readonly FieldMeta[],
  pathOf: (name: string) => string,
): Promise<CatalogueField[]> {
  const fields: CatalogueField[] = [];
  for (const [place, meta] of metas.entries()) {
    const path = (part: 'values' | 'offsets'): string => pathOf(fieldFile(side, place, part));
    const int32 = async (part: 'values' | 'offsets'): Promise<Int32Array> =>
      (await readNpy(path(part), 'int32')).values;
    switch (meta.kind) {
      case 'category':
        fields.push({ ...meta, count: meta.labels.length, values: await int32('values') });
        break;
      case 'path':
      case 'tags':
        fields.push({
          ...meta,
          count: meta.labels.length,
          offsets: await int32('offsets'),
          values: await int32('values'),
        });
        break;
      case 'text':
        fields.push({ ...meta, offsets: await int32('offsets'), values: await int32('values') });
        break;
      case 'numbers':
        fields.push({ ...meta, width: meta.names.length, values: (await readNpy(path('values'), 'float32')).values });
        break;
      case 'vectors':
        fields.push({ ...meta, values: (await readNpy(path('values'), 'float32')).values });
        break;
    }
  }
  return fields;
}

/** What `catalogue.json` says of a field. */
export function fieldMeta(field: CatalogueField): FieldMeta {
  const { name } = field;
  switch (field.kind) {
    case 'category':
      return { kind: field.kind, name, labels: [...field.labels] };
    case 'path':
    case 'tags':
      return { kind: field.kind, name, labels: [...field.labels] };
    case 'text':
      return { kind: field.kind, name, count: field.count };
    case 'numbers':
      return { kind: field.kind, name, names: [...field.names], ...scaling(field) };
    case 'vectors':
      return { kind: field.kind, name, width: field.width, ...scaling(field) };
  }
}

function scaling({ standardisation }: Pick<CatalogueField & { kind: 'vectors' }, 'standardisation'>) {
  if (standardisation === undefined) return {};
  const { mean, scale } = standardisation;
  return { standardisation: { mean: [...mean], scale: [...scale] } };
}
