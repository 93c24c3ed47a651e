import { z } from 'zod';
import { fieldKeys, repeatedFields, type FieldsDescription } from './fields-description';
import { interactionsSchema } from './interactions-description';
import { column, table } from './table-description';

/** The schema of `dataset.yaml`. README.md shows a full example. */

/** Two fields of one kind would carry the same name. */
function refuseRepeats(section: FieldsDescription & { readonly category?: string }, issues: z.RefinementCtx): void {
  const { category } = section;
  const categories = category === undefined ? section.categories : [{ column: category }, ...section.categories];
  for (const name of repeatedFields({ ...section, categories })) {
    issues.addIssue({ code: 'custom', message: `the column ${name} is named twice for the same kind of field` });
  }
}

export const descriptionSchema = z.strictObject({
  name: z.string().min(1).optional(),
  interactions: interactionsSchema,
  users: z
    .strictObject({ ...table, id: column, labels: z.array(column).default([]), ...fieldKeys })
    .superRefine(refuseRepeats)
    .optional(),
  items: z
    .strictObject({ ...table, id: column, name: column.optional(), category: column.optional(), ...fieldKeys })
    .superRefine(refuseRepeats)
    .optional(),
});

/** What `dataset.yaml` says, defaults filled. */
export type Description = z.output<typeof descriptionSchema>;
export type UsersDescription = NonNullable<Description['users']>;
export type ItemsDescription = NonNullable<Description['items']>;
