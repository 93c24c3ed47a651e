import { float64Column } from '../columns/growable';
import type { Vocabulary } from '../dataset';
import { DatasetError, type Place } from '../errors';
import { IntegerTable } from './integer-table';
import { StringTable } from './string-table';
import { integerVocabulary, stringVocabulary } from './vocabularies';

/**
 * Numbers rows in the order in which ids turn up.
 *
 * Text files do not say whether `17` is a number. Their ids are integers as long as all of them are written like one
 * (`17`, not `017`, within 2^53); the first that is not turns all into strings. Files that do say so (JSON, Parquet)
 * are taken at their word, and a column or a pair of files that holds both is an error: `17` and `"17"` could be
 * meant to be the same id or two.
 */
export class VocabularyBuilder {
  /** `undefined` while no file has said what its ids are. */
  #declared: 'integer' | 'string' | undefined;
  #integers: { readonly ids: ReturnType<typeof float64Column>; readonly table: IntegerTable } | undefined;
  #strings: { readonly ids: string[]; readonly table: StringTable } | undefined;

  /** @param noun what the ids are of, for messages: `user` or `item` */
  constructor(readonly noun: string) {
    this.#integers = { ids: float64Column(), table: new IntegerTable() };
  }

  get size(): number {
    return this.#integers?.ids.length ?? this.#strings?.ids.length ?? 0;
  }

  /** The row of an id written in a text file, new or known. */
  rowOfText(text: string, place: () => Place): number {
    if (this.#integers !== undefined) {
      const integer = parseInteger(text);
      if (integer !== undefined) return this.#rowOfInteger(integer);
      if (this.#declared === 'integer') throw this.#mixed(`"${text}"`, 'integers', place());
      this.#turnIntoStrings();
    }
    return this.#rowOfString(text);
  }

  /** The row of an id from a file that says it is an integer. */
  rowOfInteger(id: number, place: () => Place): number {
    if (this.#strings !== undefined) throw this.#mixed(String(id), 'strings', place());
    this.#declared = 'integer';
    return this.#rowOfInteger(id);
  }

  /** The row of an id from a file that says it is a string. */
  rowOfString(id: string, place: () => Place): number {
    if (this.#declared === 'integer') throw this.#mixed(`"${id}"`, 'integers', place());
    if (this.#integers !== undefined) this.#turnIntoStrings();
    this.#declared = 'string';
    return this.#rowOfString(id);
  }

  build(): Vocabulary {
    if (this.#strings !== undefined) return stringVocabulary(this.#strings.ids);
    return integerVocabulary(this.#integers?.ids.toArray() ?? new Float64Array());
  }

  #rowOfInteger(id: number): number {
    if (this.#integers === undefined) return this.#rowOfString(String(id));
    const { ids, table } = this.#integers;
    const known = table.get(id);
    if (known !== undefined) return known;
    table.add(id, ids.length);
    ids.push(id);
    return ids.length - 1;
  }

  #rowOfString(id: string): number {
    this.#strings ??= { ids: [], table: new StringTable() };
    const { ids, table } = this.#strings;
    const known = table.get(id);
    if (known !== undefined) return known;
    const own = ownText(id);
    table.add(own, ids.length);
    ids.push(own);
    return ids.length - 1;
  }

  #turnIntoStrings(): void {
    const ids = this.#integers?.ids.toArray() ?? new Float64Array();
    this.#integers = undefined;
    this.#strings = { ids: [], table: new StringTable() };
    ids.forEach((id) => this.#rowOfString(String(id)));
  }

  #mixed(id: string, kind: string, place: Place): DatasetError {
    return new DatasetError(
      'DATASET_ID_KIND_MIXED',
      `the ${this.noun} id ${id} does not fit the ones before it, which are ${kind}; write all ${this.noun} ids as one kind.`,
      place,
    );
  }
}

/** The integer that a text is the usual spelling of, within 2^53; `undefined` for `007`, `+1`, `1.0` and words. */
export function parseInteger(text: string): number | undefined {
  const { length } = text;
  const negative = text.charCodeAt(0) === 45;
  const start = negative ? 1 : 0;
  const digits = length - start;
  if (digits < 1 || digits > 16) return undefined;
  let value = 0;
  for (let i = start; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  const leadingZero = text.charCodeAt(start) === 48;
  if (leadingZero && (digits > 1 || negative)) return undefined;
  if (value > Number.MAX_SAFE_INTEGER) return undefined;
  return negative ? -value : value;
}

/**
 * The same text in memory of its own. A piece cut out of a large string keeps all of that string alive, and a
 * vocabulary would so keep the whole file.
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
