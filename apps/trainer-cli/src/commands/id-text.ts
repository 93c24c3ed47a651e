import { UsageError } from '@vector-recall/command-line';

/** The kinds of ids that a model has; all ids of one side of the data are of one kind. */
export type IdKind = 'integer' | 'string';

/**
 * Reads an id that was typed. The model says whether its ids are integers, and the text is taken to the letter: blanks
 * and leading zeros are part of an id that is text, and `007` is no integer id, since no log would write 7 like that.
 *
 * @param where what the text was given for, as in `--user`
 * @throws UsageError where the ids are integers and the text is none
 */
export function readId(where: string, text: string, kind: IdKind): number | string {
  if (kind === 'string') return text;
  const id = Number(text);
  // "007", "7.0", " 7" and integers too large for a double do not come back as they were.
  if (Number.isSafeInteger(id) && String(id) === text) return id;
  throw new UsageError(
    `${where} is "${text}", but the ids of this model are integers, as in 7 (up to ${Number.MAX_SAFE_INTEGER}).`,
  );
}

/** Ids with commas between them; a blank text is an empty list. Ids that hold commas can only be given in a file. */
export function readIds(where: string, text: string, kind: IdKind): (number | string)[] {
  return text === '' ? [] : text.split(',').map((id) => readId(where, id, kind));
}
