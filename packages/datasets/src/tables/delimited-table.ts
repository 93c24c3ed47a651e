import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { DatasetError } from '../errors';
import { unreadable, type TextEncoding } from './files';
import { findColumns, type Block, type Table } from './table';

export interface DelimitedFormat {
  /** One or more characters, `,` or `::`. */
  readonly delimiter: string;
  /** Whether `"` around a field protects delimiters and line ends in it. */
  readonly quotes: boolean;
  readonly encoding: TextEncoding;
  /** Names of the columns of a file whose first line is data already. */
  readonly header?: readonly string[];
}

export const csv: DelimitedFormat = { delimiter: ',', quotes: true, encoding: 'utf8' };
export const tsv: DelimitedFormat = { delimiter: '\t', quotes: true, encoding: 'utf8' };

/** Large enough that the parser's fixed cost per chunk vanishes, small enough that its rows stay in the young heap. */
const CHUNK_BYTES = 1 << 18;

/** CSV, TSV and their kin. The file is parsed chunk by chunk; nothing of a chunk is kept. */
export function delimitedTable(file: string, format: DelimitedFormat): Table {
  return {
    file,
    read: (columns, onBlock) => {
      const reader = new RowReader(file, format, columns, onBlock);
      return new Promise<void>((resolve, reject) => {
        let failure: DatasetError | undefined;
        const stream = createReadStream(file, { encoding: format.encoding, highWaterMark: CHUNK_BYTES });
        Papa.parse<string[]>(stream, {
          delimiter: format.delimiter,
          // Papa's fast mode is plain splitting; it takes it by itself for chunks without a quote.
          ...(format.quotes ? {} : { fastMode: true }),
          beforeFirstChunk: (chunk) => chunk.replace(/^\uFEFF/, ''),
          chunk: (results, parser) => {
            try {
              reader.take(results);
            } catch (error) {
              failure = unreadable(file, error);
              stream.destroy();
              parser.abort();
            }
          },
          complete: () => {
            if (failure === undefined) resolve();
            else reject(failure);
          },
          error: (error) => {
            reject(failure ?? unreadable(file, error));
          },
        });
      }).then(() => {
        reader.finish();
      });
    },
  };
}

/** Follows the lines of one file, takes off the header and checks that each row is as wide as it. */
class RowReader {
  #line = 1;
  #header: readonly string[] | undefined;
  #places: readonly number[] = [];

  constructor(
    private readonly file: string,
    format: DelimitedFormat,
    private readonly columns: readonly string[],
    private readonly onBlock: (block: Block) => void,
  ) {
    if (format.header !== undefined) this.#take(format.header);
  }

  take({ data, errors }: Papa.ParseResult<string[]>): void {
    const lines = new Int32Array(data.length);
    data.forEach((row, index) => {
      lines[index] = this.#line;
      this.#line += 1 + lineEndsIn(row);
    });
    const problem = errors.at(0);
    if (problem !== undefined) {
      throw new DatasetError('DATASET_ROW_MALFORMED', `${problem.message}; close or remove the quote.`, {
        file: this.file,
        line: lines.at(problem.row ?? 0) ?? this.#line,
      });
    }
    let first = 0;
    if (this.#header === undefined && data.length > 0) {
      this.#take(data[0].map((name) => name.trim()));
      first = 1;
    }
    const rows: number[] = [];
    for (let index = first; index < data.length; index++) {
      if (this.#isRow(data[index], lines[index])) rows.push(index);
    }
    if (rows.length > 0) this.onBlock(this.#block(data, lines, rows));
  }

  /** After the last chunk. */
  finish(): void {
    if (this.#header !== undefined) return;
    throw new DatasetError('DATASET_EMPTY', 'this file is empty; its first line has to name the columns.', {
      file: this.file,
    });
  }

  #take(header: readonly string[]): void {
    this.#header = header;
    this.#places = findColumns(this.file, header, this.columns);
  }

  /** False for an empty line. */
  #isRow(row: readonly string[], line: number): boolean {
    const width = this.#header?.length ?? 0;
    if (row.length === width) return width > 1 || row[0] !== '';
    if (row.length === 1 && row[0].trim() === '') return false;
    throw new DatasetError(
      'DATASET_ROW_MALFORMED',
      `this row has ${row.length} fields where the header has ${width}; quote fields that hold the delimiter.`,
      { file: this.file, line },
    );
  }

  #block(data: readonly string[][], lines: Int32Array, rows: readonly number[]): Block {
    const places = this.#places;
    return {
      count: rows.length,
      isText: true,
      cell: (row, column) => data[rows[row]][places[column]],
      place: (row, column) => ({ file: this.file, line: lines[rows[row]], column: this.columns[column] }),
    };
  }
}

/** Line ends inside the quoted fields of one row. */
function lineEndsIn(row: readonly string[]): number {
  let count = 0;
  for (const field of row) {
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count++;
  }
  return count;
}
