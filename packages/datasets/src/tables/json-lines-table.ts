import { DatasetError } from '../errors';
import { unknownColumn, type Block, type Table } from './table';
import { textChunks } from './text-chunks';

/** A line that is longer is no row of a log, and would have to be held whole: 16 million characters. */
const MAX_LINE = 1 << 24;

/** One JSON object per line. A key that a line lacks is a missing value; one that no line has is an unknown column. */
export function jsonLinesTable(file: string): Table {
  return {
    file,
    read: async (columns, onBlock) => {
      const reader = new ObjectReader(file, columns, onBlock);
      let pieces: string[] = [];
      let held = 0;
      for await (const chunk of textChunks(file, 'utf8')) {
        const lines = chunk.split('\n');
        pieces.push(lines[0]);
        held += lines[0].length;
        if (lines.length > 1) {
          lines[0] = pieces.join('');
          const rest = lines.pop() ?? '';
          reader.take(lines);
          pieces = [rest];
          held = rest.length;
        }
        if (held > MAX_LINE) throw reader.lineTooLong();
      }
      reader.take([pieces.join('')]);
      reader.finish();
      return [];
    },
  };
}

class ObjectReader {
  #line = 0;
  #rows = 0;
  readonly #seen: boolean[];

  constructor(
    private readonly file: string,
    private readonly columns: readonly string[],
    private readonly onBlock: (block: Block) => void,
  ) {
    this.#seen = columns.map(() => false);
  }

  take(lines: readonly string[]): void {
    const cells: unknown[] = [];
    const numbers: number[] = [];
    for (const line of lines) {
      this.#line++;
      if (line.trim() === '') continue;
      const row = this.#parse(line);
      this.columns.forEach((column, index) => {
        const value = row[column];
        this.#seen[index] ||= value !== undefined;
        cells.push(value);
      });
      numbers.push(this.#line);
    }
    this.#rows += numbers.length;
    if (numbers.length > 0) this.onBlock(this.#block(cells, numbers));
  }

  /** For the line after those taken. */
  lineTooLong(): DatasetError {
    this.#line++;
    return this.#malformed(`this line is longer than ${MAX_LINE} characters; write one object per line.`);
  }

  /** After the last line. */
  finish(): void {
    const missing = this.#seen.indexOf(false);
    if (missing >= 0 && this.#rows > 0) throw unknownColumn(this.file, this.columns[missing], 'no line has this key');
  }

  #parse(text: string): Readonly<Record<string, unknown>> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.#malformed(`this line is no JSON (${reason}); write one object per line.`);
    }
    if (!isRecord(value)) throw this.#malformed('this line is no JSON object; write one object per line.');
    return value;
  }

  #malformed(message: string): DatasetError {
    return new DatasetError('DATASET_ROW_MALFORMED', message, { file: this.file, line: this.#line });
  }

  #block(cells: readonly unknown[], lines: readonly number[]): Block {
    const width = this.columns.length;
    return {
      count: lines.length,
      isText: false,
      cell: (row, column) => cells[row * width + column],
      place: (row, column) => ({ file: this.file, line: lines[row], column: this.columns[column] }),
    };
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
