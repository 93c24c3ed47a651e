import { extname, resolve } from 'node:path';
import { DatasetError } from '../../errors';
import { csv, delimitedTable, tsv } from '../../tables/delimited-table';
import { jsonLinesTable } from '../../tables/json-lines-table';
import { parquetTable } from '../../tables/parquet-table';
import type { Table } from '../../tables/table';
import type { TableDescription } from './table-description';

const FORMATS = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'tsv'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.parquet', 'parquet'],
] as const);

/** Endings of files that are unpacked as they are read. */
const PACKED = /\.(gz|zst)$/i;

/**
 * The tables that one section of the description names, by its format or that of their endings. Paths are relative to
 * the folder.
 */
export function openTables(folder: string, { file, format, delimiter, quotes, encoding }: TableDescription): Table[] {
  return [file].flat().map((name) => {
    const path = resolve(folder, name);
    const ending = extname(name.replace(PACKED, '')).toLowerCase();
    const kind = format ?? [...FORMATS].find(([known]) => known === ending)?.[1];
    const given = { encoding, ...(quotes === undefined ? {} : { quotes }) };
    switch (kind) {
      case 'csv':
        return delimitedTable(path, { ...csv, delimiter: delimiter ?? csv.delimiter, ...given });
      case 'tsv':
        return delimitedTable(path, { ...tsv, delimiter: delimiter ?? tsv.delimiter, ...given });
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
