import { float64Column } from '../columns/growable';
import type { Vocabulary } from '../dataset';
import { DatasetError, type Place } from '../errors';
import { IntegerTable } from './integer-table';
import { StringTable } from './string-table';
import { integerVocabulary, stringVocabulary } from './vocabularies';

/** Where fewer ids than this share are no integers, they are more likely mistakes than names, and worth a note. */
const ODD_SHARE = 0.1;

/**
 * Numbers rows in the order in which ids turn up.
 *
 * Text files do not say whether `17` is a number. Their ids are integers as long as all of them are written like one
 * (`17`, not `017`, within 2^53); the first that is not turns all into strings. `7.0` is how tools write an integer
 * whose column had gaps, so it is 7 as long as all ids are integers, and `7.0` where they are strings.
 *
 * Files that do say what their ids are (JSON, Parquet) are taken at their word, and a column or a pair of files that
 * holds both is an error: `17` and `"17"` could be meant to be the same id or two. Integers beyond 2^53 go by their
 * spelling, since neighbouring ones are one number, and then all ids of the column do.
 */
export class VocabularyBuilder {
  /** `undefined` while no file has said what its ids are. */
  #declared: 'integer' | 'string' | undefined;
  #integers: { readonly ids: ReturnType<typeof float64Column>; readonly table: IntegerTable } | undefined;
  #strings: { readonly ids: string[]; readonly table: StringTable } | undefined;
  /** Spelling of the integers that were first written with decimals, by row. */
  readonly #decimals = new Map<number, string>();
  /** The first id that is no integer. */
  #firstWord: { readonly id: string; readonly place: Place } | undefined;

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
      const integer = parseInteger(text) ?? this.#parseDecimal(text);
      if (integer !== undefined) return this.#rowOfInteger(integer);
    }
    if (this.#firstWord === undefined && !LARGE_INTEGER.test(text)) {
      if (this.#declared === 'integer') throw this.#mixed(`"${text}"`, 'integers', place());
      this.#firstWord = { id: ownText(text), place: place() };
    }
    this.#turnIntoStrings();
    return this.#rowOfString(text);
  }

  /** The row of an id from a file that says it is an integer; a number must be a safe one. */
  rowOfInteger(id: number | bigint, place: () => Place): number {
    if (this.#declared === 'string' || this.#firstWord !== undefined) throw this.#mixed(String(id), 'strings', place());
    this.#declared = 'integer';
    const value = Number(id);
    if (!Number.isSafeInteger(value)) this.#turnIntoStrings();
    return this.#integers === undefined ? this.#rowOfString(String(id)) : this.#rowOfInteger(value);
  }

  /** The row of an id from a file that says it is a string. */
  rowOfString(id: string, place: () => Place): number {
    if (this.#declared === 'integer') throw this.#mixed(`"${id}"`, 'integers', place());
    this.#turnIntoStrings();
    this.#declared = 'string';
    return this.#rowOfString(id);
  }

  build(): Vocabulary {
    if (this.#strings !== undefined) return stringVocabulary(this.#strings.ids);
    return integerVocabulary(this.#integers?.ids.toArray() ?? new Float64Array());
  }

  /** What a person should know about the ids, in one sentence each. */
  notes(): string[] {
    const decimals = this.#decimals.size;
    if (this.#strings === undefined) {
      return decimals === 0
        ? []
        : [`${decimals} ${this.noun} ids are written with decimals, as in 7.0, and read as integers.`];
    }
    if (this.#firstWord === undefined || this.#declared === 'string') return [];
    const { ids } = this.#strings;
    const words = ids.reduce((count, id) => count + Number(!LARGE_INTEGER.test(id)), 0);
    if (words >= ODD_SHARE * ids.length) return [];
    const { id, place } = this.#firstWord;
    const where = place.line === undefined ? '' : ` on line ${place.line} of ${place.file}`;
    return [
      `${words} of ${ids.length} ${this.noun} ids are no integers, the first being ${JSON.stringify(id)}${where}; ` +
        `so all ${this.noun} ids are strings.`,
    ];
  }

  #parseDecimal(text: string): number | undefined {
    const whole = WHOLE_DECIMAL.exec(text);
    const integer = whole === null ? undefined : parseInteger(whole[1]);
    if (integer === undefined) return undefined;
    if (this.#integers?.table.get(integer) === undefined) this.#decimals.set(this.size, ownText(text));
    return integer;
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
    if (this.#integers === undefined) return;
    const ids = this.#integers.ids.toArray();
    this.#integers = undefined;
    this.#strings = { ids: [], table: new StringTable() };
    ids.forEach((id, row) => this.#rowOfString(this.#decimals.get(row) ?? String(id)));
  }

  #mixed(id: string, kind: string, place: Place): DatasetError {
    return new DatasetError(
      'DATASET_ID_KIND_MIXED',
      `the ${this.noun} id ${id} does not fit the ones before it, which are ${kind}; write all ${this.noun} ids as one kind.`,
      place,
    );
  }
}

/** An integer of any size as `String` writes it. */
const LARGE_INTEGER = /^(0|-?[1-9]\d*)$/;

/** An integer with decimals that say nothing. */
const WHOLE_DECIMAL = /^(-?\d{1,16})\.0+$/;

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
