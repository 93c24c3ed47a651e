import { inspect } from 'node:util';
import { DatasetError, type DatasetErrorCode } from '../errors';
import { parseInteger, type VocabularyBuilder } from '../vocabulary/vocabulary-builder';
import type { Block } from './table';

/** How a source writes time. */
export type TimeUnit = 'seconds' | 'milliseconds' | 'iso';

/** The row of the id in a cell, new or known. */
export function idRowAt(block: Block, row: number, column: number, vocabulary: VocabularyBuilder): number {
  const value = block.cell(row, column);
  const place = () => block.place(row, column);
  if (isMissing(value))
    throw cellError(block, row, column, 'DATASET_VALUE_MISSING', 'the id is empty; every row needs one.');
  if (typeof value === 'string') {
    return block.isText ? vocabulary.rowOfText(value, place) : vocabulary.rowOfString(value, place);
  }
  if (typeof value === 'bigint') {
    const integer = parseInteger(String(value));
    // Beyond 2^53 neighbouring integers are one number, so such ids go by their spelling.
    return integer === undefined ? vocabulary.rowOfText(String(value), place) : vocabulary.rowOfInteger(integer, place);
  }
  if (typeof value === 'number' && Number.isSafeInteger(value)) return vocabulary.rowOfInteger(value, place);
  throw cellError(
    block,
    row,
    column,
    'DATASET_NUMBER_INVALID',
    `${spell(value)} is no id; ids are strings, or integers within 2^53.`,
  );
}

/** The finite number in a cell. */
export function numberAt(block: Block, row: number, column: number): number {
  const number = optionalNumberAt(block, row, column);
  if (!Number.isNaN(number)) return number;
  throw cellError(
    block,
    row,
    column,
    'DATASET_VALUE_MISSING',
    'the value is empty where a number is needed; fill it in.',
  );
}

/** The finite number in a cell, NaN when the cell is empty. A written NaN is an error, as it tells of a bug upstream. */
export function optionalNumberAt(block: Block, row: number, column: number): number {
  const value = block.cell(row, column);
  if (isMissing(value)) return NaN;
  const number = toNumber(value, block.isText);
  if (Number.isFinite(number)) return number;
  throw badNumber(block, row, column, value);
}

/** The finite numbers in a cell, parted by blanks. */
export function numbersAt(block: Block, row: number, column: number): number[] {
  return labelsAt(block, row, column, ' ').map((text) => {
    const number = toNumber(text, true);
    if (Number.isFinite(number)) return number;
    throw badNumber(block, row, column, text);
  });
}

/** The time in a cell, in seconds since 1970. */
export function secondsAt(block: Block, row: number, column: number, unit: TimeUnit): number {
  const value = block.cell(row, column);
  if (value instanceof Date && Number.isFinite(value.getTime())) return value.getTime() / 1000;
  if (unit !== 'iso') return numberAt(block, row, column) / (unit === 'milliseconds' ? 1000 : 1);
  const time = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : NaN;
  if (!Number.isNaN(time)) return time / 1000;
  throw cellError(
    block,
    row,
    column,
    'DATASET_NUMBER_INVALID',
    `${spell(value)} is no ISO 8601 time such as 2026-05-17T08:30:00Z; correct it or state another unit.`,
  );
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

/** A date with an optional time; without a zone it is UTC for a date and local for a time, so a zone is asked for. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
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
  if (isMissing(value)) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw cellError(block, row, column, 'DATASET_ROW_MALFORMED', `${spell(value)} is no text; write a text or a number.`);
}

function badNumber(block: Block, row: number, column: number, value: unknown): DatasetError {
  const message = `${spell(value)} is not a finite number; correct it or leave the row out.`;
  return cellError(block, row, column, 'DATASET_NUMBER_INVALID', message);
}

function cellError(block: Block, row: number, column: number, code: DatasetErrorCode, message: string): DatasetError {
  return new DatasetError(code, message, block.place(row, column));
}

function spell(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { breakLength: Infinity });
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
