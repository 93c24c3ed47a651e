/** What is wrong with the data. */
export type DatasetErrorCode =
  | 'DATASET_FILE_MISSING'
  | 'DATASET_FILE_UNREADABLE'
  | 'DATASET_LAYOUT_UNKNOWN'
  | 'DATASET_DESCRIPTION_INVALID'
  | 'DATASET_COLUMN_UNKNOWN'
  | 'DATASET_ROW_MALFORMED'
  | 'DATASET_VALUE_MISSING'
  | 'DATASET_NUMBER_INVALID'
  | 'DATASET_ID_KIND_MIXED'
  | 'DATASET_DUPLICATE_ROW'
  | 'DATASET_EMPTY'
  | 'DATASET_TOO_LARGE'
  | 'DATASET_NOT_SPLITTABLE'
  | 'DATASET_WORLD_IMPOSSIBLE';

/** Where in a file something is wrong. */
export interface Place {
  readonly file?: string;
  /** Line of a text file, row of a Parquet file; counts from 1. */
  readonly line?: number;
  /** Name of the column. */
  readonly column?: string;
}

/**
 * Thrown when a dataset can't be read, described, generated or split as asked.
 * The message starts with the place, where there is one, and ends with what to do.
 */
export class DatasetError extends Error implements Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: string;
  /** The message without the place. */
  readonly reason: string;

  constructor(
    readonly code: DatasetErrorCode,
    reason: string,
    place: Place = {},
  ) {
    super(printable(`${describePlace(place)}${reason}`));
    this.reason = reason;
    this.name = 'DatasetError';
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}

/** What a file holds may end up in a message: control characters would act on a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

function describePlace({ file, line, column }: Place): string {
  const parts = [
    ...(file === undefined ? [] : [file]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ];
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}
