import { basename } from 'node:path';
import type Papa from 'papaparse';
import { DatasetError } from '../errors';
import type { DelimitedFormat } from './delimited-table';
import { QuotedLines } from './quoted-lines';
import { findColumns, type Block } from './table';

const QUOTES_OFF = 'say "quotes: false" in dataset.yaml if quotes are part of the text';

/** Follows the lines of one file, takes off the header and checks that each row is as wide as it. */
export class RowReader {
  #line = 1;
  #header: readonly string[] | undefined;
  #places: readonly number[] = [];
  #repeatedHeaders = 0;
  readonly #quotedLines: QuotedLines;

  constructor(
    private readonly file: string,
    private readonly format: DelimitedFormat,
    private readonly columns: readonly string[],
    private readonly onBlock: (block: Block) => void,
  ) {
    this.#quotedLines = new QuotedLines(file, format.delimiter);
    if (format.header !== undefined) this.#takeHeader(format.header);
  }

  take({ data, errors }: Papa.ParseResult<string[]>): void {
    let first = 0;
    if (this.#header === undefined && data.length > 0) {
      this.#takeHeader(data[0].map((name) => unquote(name.trim(), this.format)));
      first = 1;
    }
    const lines = new Int32Array(data.length);
    data.forEach((row, index) => {
      lines[index] = this.#line;
      this.#line += 1 + (this.format.quotes === true ? this.#quotedLines.count(row, this.#line, this.#header) : 0);
    });
    const problem = errors.at(0);
    if (problem !== undefined) {
      throw this.#malformed(
        `${problem.message}; close or remove the quote, or ${QUOTES_OFF}.`,
        lines.at(problem.row ?? 0) ?? this.#line,
      );
    }
    const rows: number[] = [];
    for (let index = first; index < data.length; index++) {
      if (this.#isRow(data[index], lines[index])) rows.push(index);
    }
    if (rows.length > 0) this.onBlock(this.#block(data, lines, rows));
  }

  /**
   * After the last chunk.
   * @returns a sentence for each thing that a person should look at
   */
  finish(): string[] {
    if (this.#header === undefined) {
      throw new DatasetError('DATASET_EMPTY', 'this file is empty; its first line has to name the columns.', {
        file: this.file,
      });
    }
    const repeated = this.#repeatedHeaders;
    return [
      ...(repeated === 0 ? [] : [repeatedHeaderNote(repeated, basename(this.file))]),
      ...this.#quotedLines.notes(`${QUOTES_OFF}.`),
    ];
  }

  rowTooLong(): DatasetError {
    return this.#malformed(
      `a quoted field that begins here does not end; close the quote, or ${QUOTES_OFF}.`,
      this.#line,
    );
  }

  #takeHeader(header: readonly string[]): void {
    this.#header = header;
    this.#places = findColumns(this.file, header, this.columns);
  }

  /** False for an empty line, and for one that repeats the header, as where files were joined. */
  #isRow(row: readonly string[], line: number): boolean {
    const header = this.#header ?? [];
    if (row.length === header.length) {
      if (this.format.header === undefined && isHeader(row, header)) {
        this.#repeatedHeaders++;
        return false;
      }
      return header.length > 1 || row[0] !== '';
    }
    if (row.length === 1 && row[0].trim() === '') return false;
    throw this.#malformed(
      `this row has ${row.length} fields where the header has ${header.length}; quote fields that hold the delimiter` +
        `${this.format.quotes === 'cell' ? ' and say "quotes: true" in dataset.yaml' : ''}.`,
      line,
    );
  }

  #block(data: readonly string[][], lines: Int32Array, rows: readonly number[]): Block {
    const places = this.#places;
    const { format } = this;
    return {
      count: rows.length,
      isText: true,
      cell: (row, column) => unquote(data[rows[row]][places[column]], format),
      place: (row, column) => ({ file: this.file, line: lines[rows[row]], column: this.columns[column] }),
    };
  }

  #malformed(message: string, line: number): DatasetError {
    return new DatasetError('DATASET_ROW_MALFORMED', message, { file: this.file, line });
  }
}

function isHeader(row: readonly string[], header: readonly string[]): boolean {
  return row.every((cell, place) => cell === header[place] || cell.trim() === header[place]);
}

/** Takes off quotes around a whole field in which each further quote is doubled. */
function unquote(field: string, { quotes }: DelimitedFormat): string {
  if (quotes !== 'cell' || field.length < 2 || !field.startsWith('"') || !field.endsWith('"')) return field;
  const inner = field.slice(1, -1);
  return inner.replaceAll('""', '').includes('"') ? field : inner.replaceAll('""', '"');
}

function repeatedHeaderNote(count: number, file: string): string {
  return count === 1
    ? `1 line of ${file} repeats its header; it is excluded.`
    : `${count} lines of ${file} repeat its header; they are excluded.`;
}
