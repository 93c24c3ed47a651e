import { asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { unreadable } from './files';
import { findColumns, type Table } from './table';

/** Apache Parquet. Only the columns asked for are read, one row group at a time. */
export function parquetTable(path: string): Table {
  return {
    file: path,
    read: async (columns, onBlock) => {
      try {
        const file = await asyncBufferFromFile(path);
        const metadata = await parquetMetadataAsync(file);
        const available = parquetSchema(metadata).children.map((child) => child.element.name);
        findColumns(path, available, columns);
        const scan = await parquetScan({ file, metadata, columns: [...columns], compressors });
        for (const range of scan.ranges) {
          const data = await Promise.all(columns.map((column) => scan.readColumn({ column, ...range })));
          onBlock({
            count: range.rowEnd - range.rowStart,
            isText: false,
            cell: (row, column): unknown => data[column][row],
            place: (row, column) => ({ file: path, line: range.rowStart + row + 1, column: columns[column] }),
          });
        }
        return [];
      } catch (error) {
        throw unreadable(path, error);
      }
    },
  };
}
