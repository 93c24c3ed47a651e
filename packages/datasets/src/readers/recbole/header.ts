import { DatasetError } from '../../errors';
import { readFirstLine } from '../../tables/text-chunks';

/** The types of RecBole's atomic files: one label or number, or several parted by blanks. */
const TYPES = ['token', 'token_seq', 'float', 'float_seq'] as const;

export type FieldType = (typeof TYPES)[number];

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** As the header writes it, `item_id:token`. */
  readonly column: string;
}

/** Reads the first line of an atomic file, `user_id:token<TAB>age:float`. */
export async function readHeader(file: string): Promise<Field[]> {
  const line = await readFirstLine(file);
  if (line.trim() === '') {
    throw new DatasetError('DATASET_EMPTY', 'this file is empty; its first line has to name the fields.', { file });
  }
  return line.split('\t').map((column) => parseField(column.trim(), file));
}

/** The field that holds the ids of users or items. */
export function findField(fields: readonly Field[], name: string, file: string): Field {
  const field = fields.find((candidate) => candidate.name === name);
  if (field !== undefined) return field;
  throw new DatasetError(
    'DATASET_COLUMN_UNKNOWN',
    `there is no such field; the fields are ${fields.map(({ column }) => column).join(', ')}.`,
    { file, line: 1, column: name },
  );
}

function parseField(column: string, file: string): Field {
  const colon = column.lastIndexOf(':');
  const type = TYPES.find((candidate) => candidate === column.slice(colon + 1));
  if (colon > 0 && type !== undefined) return { name: column.slice(0, colon), type, column };
  throw new DatasetError(
    'DATASET_DESCRIPTION_INVALID',
    `a field is written name:type with the type ${TYPES.join(', ')}, as in item_id:token.`,
    { file, line: 1, column },
  );
}
