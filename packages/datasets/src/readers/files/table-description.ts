import { z } from 'zod';

/** The name of a column, as the header of the file writes it. */
export const column = z.string().min(1);

/** The keys that say which files a section is read from, and how. */
export const table = {
  file: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  format: z.enum(['csv', 'tsv', 'jsonl', 'parquet']).optional(),
  delimiter: z.string().min(1).optional(),
  quotes: z.boolean().optional(),
  encoding: z.enum(['utf8', 'latin1']).default('utf8'),
};

/** The part of a section that says which files to read, and how. */
export interface TableDescription {
  readonly file: string | string[];
  readonly format?: 'csv' | 'tsv' | 'jsonl' | 'parquet';
  readonly delimiter?: string;
  readonly quotes?: boolean;
  readonly encoding: 'utf8' | 'latin1';
}
