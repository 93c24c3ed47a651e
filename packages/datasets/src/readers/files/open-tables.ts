import { extname, join } from 'node:path';
import { DatasetError } from '../../errors';
import { csv, delimitedTable, tsv } from '../../tables/delimited-table';
import { jsonLinesTable } from '../../tables/json-lines-table';
import { parquetTable } from '../../tables/parquet-table';
import type { Table } from '../../tables/table';
import type { TableDescription } from './description';

const FORMATS = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'tsv'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.parquet', 'parquet'],
] as const);

/** The tables that one section of the description names, by its format or that of their endings. */
export function openTables(folder: string, { file, format, delimiter, encoding }: TableDescription): Table[] {
  return [file].flat().map((name) => {
    const path = join(folder, name);
    const kind = format ?? [...FORMATS].find(([ending]) => ending === extname(name).toLowerCase())?.[1];
    switch (kind) {
      case 'csv':
        return delimitedTable(path, { ...csv, delimiter: delimiter ?? csv.delimiter, encoding });
      case 'tsv':
        return delimitedTable(path, { ...tsv, delimiter: delimiter ?? tsv.delimiter, encoding });
      case 'jsonl':
        return jsonLinesTable(path);
      case 'parquet':
        return parquetTable(path);
      case undefined:
        throw new DatasetError(
          'DATASET_DESCRIPTION_INVALID',
          `the ending tells no format; add "format: csv", tsv, jsonl or parquet to dataset.yaml.`,
          { file: path },
        );
    }
  });
}
