import { basename } from 'node:path';
import { DatasetError } from '../errors';

/** So many lines that all look like rows are rows that a stray quote swallowed; a text may have a few by chance. */
const MIN_SWALLOWED_ROWS = 10;

/**
 * Watches the quoted fields with line ends in them. A quote that is part of a text, as in `"heat lamp`, begins a quoted
 * field for a CSV reader, and all rows up to the next quote become a part of it.
 */
export class QuotedLines {
  #rows = 0;
  #suspicious = 0;
  #firstRow: { readonly line: number; readonly column: string; readonly lineEnds: number } | undefined;
  #firstSuspicious = 0;

  constructor(
    private readonly file: string,
    private readonly delimiter: string,
  ) {}

  /**
   * The line ends inside the quoted fields of one row.
   * @throws DatasetError (`DATASET_ROW_MALFORMED`) when they are those of rows
   */
  count(row: readonly string[], line: number, header: readonly string[] | undefined): number {
    let count = 0;
    for (const field of row) {
      for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
    }
    if (count === 0) return 0;
    const column = header?.[row.findIndex((field) => field.includes('\n'))] ?? '';
    this.#rows++;
    this.#firstRow ??= { line, column, lineEnds: count };
    if (header !== undefined && this.#looksLikeRows(row, header.length)) {
      if (count + 1 >= MIN_SWALLOWED_ROWS) throw this.#swallowed(line, column, count + 1);
      this.#suspicious++;
      if (this.#suspicious === 1) this.#firstSuspicious = line;
    }
    return count;
  }

  /** @param advice what to do where the quotes mean nothing */
  notes(advice: string): string[] {
    if (this.#suspicious > 0) {
      return [
        `${this.#suspicious} quoted fields of ${basename(this.file)} hold what looks like rows, the first on line ` +
          `${this.#firstSuspicious}; ${advice}`,
      ];
    }
    if (this.#rows !== 1 || this.#firstRow === undefined) return [];
    const { line, column, lineEnds } = this.#firstRow;
    return [
      `One field of ${basename(this.file)} goes over ${lineEnds + 1} lines, that of column ${column} on line ${line}, ` +
        `and no other has a line break; ${advice}`,
    ];
  }

  /** Whether each line, taken by itself, would be as wide as the header. */
  #looksLikeRows(row: readonly string[], width: number): boolean {
    if (width < 2) return false;
    const lines = row.join(this.delimiter).split('\n');
    return lines.every((text) => text.split(this.delimiter).length === width);
  }

  #swallowed(line: number, column: string, lines: number): DatasetError {
    return new DatasetError(
      'DATASET_ROW_MALFORMED',
      `a quote begins a field of ${lines} lines here, each of which looks like a row; close or remove the quote, ` +
        'or say "quotes: false" in dataset.yaml if quotes are part of the text.',
      { file: this.file, line, column },
    );
  }
}
