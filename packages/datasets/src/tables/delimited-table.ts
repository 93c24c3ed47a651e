import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { DatasetError } from '../errors';
import { unreadable } from './files';
import { RowReader } from './row-reader';
import type { Table } from './table';
import { textChunks, type TextEncoding, withLineFeeds } from './text-chunks';

export interface DelimitedFormat {
  /** One or more characters, `,` or `::`. */
  readonly delimiter: string;
  /**
   * Whether `"` around a field protects delimiters and line ends in it. `cell` takes quotes off that stand around a
   * whole field and protects nothing: most TSV files know no quoting, and a quote at the start of a text is part of it.
   */
  readonly quotes: boolean | 'cell';
  readonly encoding: TextEncoding;
  /** Names of the columns of a file whose first line is data already. */
  readonly header?: readonly string[];
}

export const csv: DelimitedFormat = { delimiter: ',', quotes: true, encoding: 'utf8' };
export const tsv: DelimitedFormat = { delimiter: '\t', quotes: 'cell', encoding: 'utf8' };

/** Chunks that one row may go over: 4 MiB. A row that is longer began with a quote that nothing closes. */
const MAX_ROW_CHUNKS = 16;

/** CSV, TSV and their kin. The file is parsed chunk by chunk; nothing of a chunk is kept. */
export function delimitedTable(file: string, format: DelimitedFormat): Table {
  return {
    file,
    read: async (columns, onBlock) => {
      const reader = new RowReader(file, format, columns, onBlock);
      await parse(file, format, reader);
      return reader.finish();
    },
  };
}

function parse(file: string, format: DelimitedFormat, reader: RowReader): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    let failure: DatasetError | undefined;
    let chunksOfRow = 0;
    const stream = Readable.from(withLineFeeds(textChunks(file, format.encoding)), { highWaterMark: 1 });
    Papa.parse<string[]>(stream, {
      delimiter: format.delimiter,
      newline: '\n',
      // Papa's fast mode is plain splitting; it takes it by itself for chunks without a quote.
      ...(format.quotes === true ? {} : { fastMode: true }),
      chunk: (results, parser) => {
        try {
          reader.take(results);
          chunksOfRow = results.data.length === 0 ? chunksOfRow + 1 : 0;
          if (chunksOfRow > MAX_ROW_CHUNKS) throw reader.rowTooLong();
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
  });
}
