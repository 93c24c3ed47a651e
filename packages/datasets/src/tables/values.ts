import { inspect } from 'node:util';
import type { Place } from '../errors';
import { parseInteger, type VocabularyBuilder } from '../vocabulary/vocabulary-builder';
import { CellError } from './cell-error';
import type { Block } from './table';

/**
 * What exporters write for a value that is missing, in any letter case. Only ids and numbers are read so: `NA` among the
 * labels of a column is a country.
 */
const MISSING = new Set(['', 'null', 'nan', 'na', 'n/a', '#n/a', '<na>', 'none', '\\n']);
const LONGEST_MISSING = 4;

/** Towers and requests hold numbers as float32; the squares of larger ones would overflow where features are standardised. */
const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** Whether the cell holds no id or number. */
export function isMissingAt(block: Block, row: number, column: number): boolean {
  return isMissing(block.cell(row, column));
}

/**
 * The row of the id in a cell, new or known. Blanks around an id are no part of it.
 * @throws CellError when the cell holds none
 */
export function idRowAt(block: Block, row: number, column: number, vocabulary: VocabularyBuilder): number {
  const value = block.cell(row, column);
  const place = () => block.place(row, column);
  if (isMissing(value)) throw new CellError('DATASET_VALUE_MISSING', 'the id is empty; every row needs one.', place());
  if (typeof value === 'string') {
    const id = value.trim();
    return block.isText ? vocabulary.rowOfText(id, place) : vocabulary.rowOfString(id, place);
  }
  if (typeof value === 'bigint') return vocabulary.rowOfInteger(value, place);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return vocabulary.rowOfInteger(value, place);
  throw new CellError(
    'DATASET_NUMBER_INVALID',
    `${spell(value)} is no id; ids are strings, or integers within 2^53.`,
    place(),
  );
}

/** The number in a cell, within the range of float32. */
export function numberAt(block: Block, row: number, column: number): number {
  const number = optionalNumberAt(block, row, column);
  if (!Number.isNaN(number)) return number;
  throw new CellError(
    'DATASET_VALUE_MISSING',
    'the value is empty where a number is needed; fill it in.',
    block.place(row, column),
  );
}

/** The number in a cell, within the range of float32; NaN when it is missing. */
export function optionalNumberAt(block: Block, row: number, column: number): number {
  const value = block.cell(row, column);
  if (isMissing(value)) return NaN;
  const number = toNumber(value, block.isText);
  if (Math.abs(number) <= MAX_FLOAT32) return number;
  throw badNumber(number, value, block.place(row, column));
}

/** The numbers in a cell, within the range of float32, separated by blanks. */
export function numbersAt(block: Block, row: number, column: number): number[] {
  return labelsAt(block, row, column, ' ').map((text) => {
    const number = toNumber(text, true);
    if (Math.abs(number) <= MAX_FLOAT32) return number;
    throw badNumber(number, text, block.place(row, column));
  });
}

/** The text in a cell, trimmed; empty when missing. */
export function textAt(block: Block, row: number, column: number): string {
  return toText(block.cell(row, column), block, row, column);
}

/** The labels in a cell: a list, or a text that is cut at the separator. Empty ones are left out. */
export function labelsAt(block: Block, row: number, column: number, separator: string): string[] {
  const value = block.cell(row, column);
  const labels = Array.isArray(value)
    ? value.map((label: unknown) => toText(label, block, row, column))
    : toText(value, block, row, column)
        .split(separator)
        .map((label) => label.trim());
  return labels.filter((label) => label !== '');
}

function isMissing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'number') return Number.isNaN(value);
  if (typeof value !== 'string') return false;
  // Nearly all cells are decided by their length and first character.
  if (value.length > LONGEST_MISSING && !isBlank(value.charCodeAt(0))) return false;
  if (value.length > 0 && isDigit(value.charCodeAt(0))) return false;
  return MISSING.has(value.trim().toLowerCase());
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether `trim` may take the character off. */
function isBlank(code: number): boolean {
  return code <= 32 || code >= 160;
}

function toNumber(value: unknown, isText: boolean): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || !isText) return NaN;
  // Number('') and Number(' ') are 0, and Number('0x10') is 16: only decimal spelling counts.
  return parseInteger(value) ?? (DECIMAL.test(value) ? Number(value) : NaN);
}

const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

function toText(value: unknown, block: Block, row: number, column: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw new CellError(
    'DATASET_ROW_MALFORMED',
    `${spell(value)} is no text; write a text or a number.`,
    block.place(row, column),
  );
}

function badNumber(number: number, value: unknown, place: Place): CellError {
  const problem = Number.isFinite(number) ? 'is outside the range of float32 (±3.4e38)' : 'is not a finite number';
  return new CellError('DATASET_NUMBER_INVALID', `${spell(value)} ${problem}; correct it or leave the row out.`, place);
}

/** A value for a message, shortened. */
export function spell(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { breakLength: Infinity });
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
