import { z } from 'zod';
import { columnWith, timeKeys } from './column-description';
import { column } from './table-description';

/** The keys of `dataset.yaml` that say what is known of users and items. */

/** One of them, or a list. */
const some = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(schema).default([]));

const separator = z.string().min(1);

export const fieldKeys = {
  categories: some(columnWith({ separator: separator.optional() })),
  tags: some(columnWith({ separator: separator.default('|') })),
  features: some(columnWith({ missing: z.enum(['error', 'mean']).default('mean') })),
  dates: some(columnWith({ unit: timeKeys.unit.optional(), zone: timeKeys.zone })),
  text: some(column),
  vectors: some(
    z.strictObject({ file: z.string().min(1), ids: z.string().min(1), name: z.string().min(1).optional() }),
  ),
};

/** What a section says of fields, defaults filled. */
export type FieldsDescription = z.output<z.ZodObject<typeof fieldKeys>>;
export type VectorsDescription = FieldsDescription['vectors'][number];

/** The columns that a section reads twice as the same kind of field. */
export function repeatedFields({ categories, tags, features, dates, text }: FieldsDescription): string[] {
  const kinds = [[...categories], tags, [...features, ...dates], text.map((name) => ({ column: name }))];
  return kinds.flatMap((fields) => {
    const names = fields.map((field) => field.column);
    return names.filter((name, place) => names.indexOf(name) !== place);
  });
}
