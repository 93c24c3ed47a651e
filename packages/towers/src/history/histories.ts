import type { RowLists } from '../embedding/block';

/** What users did: lists of item rows, oldest first, and what each event was. */
export interface Histories extends RowLists {
  /** `[entries]`: the type of each event, -1 where it is unknown; absent where all are. */
  readonly types?: Int32Array;
}

/** The name of the table with a row for each type of event, by the name of the encoder that reads it. */
export function typesWeight(encoder = 'user.history'): string {
  return `${encoder}.types`;
}
