import { z } from 'zod';

/** The schema of `dataset.yaml`. README.md shows a full example. */

const column = z.string().min(1);

const table = {
  file: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet']).optional(),
  delimiter: z.string().min(1).optional(),
  encoding: z.enum(['utf8', 'latin1']).default('utf8'),
};

const feature = z
  .union([column, z.strictObject({ column, missing: z.enum(['error', 'mean']).default('error') })])
  .transform((value) => (typeof value === 'string' ? { column: value, missing: 'error' as const } : value));

const tags = z
  .union([column, z.strictObject({ column, separator: z.string().min(1).default('|') })])
  .transform((value) => (typeof value === 'string' ? { column: value, separator: '|' } : value));

const timestamp = z
  .union([column, z.strictObject({ column, unit: z.enum(['seconds', 'milliseconds', 'iso']).default('seconds') })])
  .transform((value) => (typeof value === 'string' ? { column: value, unit: 'seconds' as const } : value));

export const descriptionSchema = z.strictObject({
  name: z.string().min(1).optional(),
  interactions: z.strictObject({
    ...table,
    user: column,
    item: column,
    timestamp: timestamp.optional(),
    keep: z.strictObject({ column, atLeast: z.number() }).optional(),
  }),
  users: z
    .strictObject({ ...table, id: column, features: z.array(feature).default([]), labels: z.array(column).default([]) })
    .optional(),
  items: z
    .strictObject({
      ...table,
      id: column,
      name: column.optional(),
      category: column.optional(),
      tags: z.union([tags, z.array(tags)]).optional(),
      features: z.array(feature).default([]),
    })
    .optional(),
});

/** What `dataset.yaml` says, defaults filled. */
export type Description = z.output<typeof descriptionSchema>;
export type InteractionsDescription = Description['interactions'];
export type UsersDescription = NonNullable<Description['users']>;
export type ItemsDescription = NonNullable<Description['items']>;
export type FeatureDescription = UsersDescription['features'][number];
/** The part that says which files to read, and how. */
export type TableDescription = Pick<InteractionsDescription, 'file' | 'format' | 'delimiter' | 'encoding'>;
