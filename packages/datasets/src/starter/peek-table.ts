import { basename, extname } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import Papa from 'papaparse';
import { unreadable } from '../tables/files';
import { textChunks, withLineFeeds } from '../tables/text-chunks';

/** Rows that are looked at. */
const ROWS = 100;
/** Characters of a text file that are looked at. */
const CHARACTERS = 1 << 18;

/** The columns of a file, and the values of its first rows. */
export interface PeekedTable {
  /** The name of the file, without its folder. */
  readonly file: string;
  readonly columns: readonly string[];
  /** Values as text; `''` where there is none. */
  readonly rows: readonly Readonly<Partial<Record<string, string>>>[];
  /** Of a .csv file that is not separated by commas. */
  readonly delimiter?: string;
}

/** Whether a file is of a format that can be read. */
export function isTable(file: string): boolean {
  return /\.(csv|tsv|jsonl|ndjson|parquet)$/i.test(withoutPacking(file));
}

/**
 * Looks at the columns and the first rows of a file.
 * @throws DatasetError where it can't be read
 */
export async function peekTable(path: string): Promise<PeekedTable> {
  switch (extname(withoutPacking(path)).toLowerCase()) {
    case '.parquet':
      return peekParquet(path);
    case '.jsonl':
    case '.ndjson':
      return tableOf(path, parseLines(await beginningOf(path)));
    default:
      return peekDelimited(path);
  }
}

function withoutPacking(file: string): string {
  return file.replace(/\.(gz|zst)$/i, '');
}

async function beginningOf(path: string): Promise<string> {
  let text = '';
  for await (const chunk of withLineFeeds(textChunks(path, 'utf8'))) {
    text += chunk;
    // The last line is cut, so it is not looked at.
    if (text.length >= CHARACTERS) return text.slice(0, text.lastIndexOf('\n') + 1);
  }
  return text;
}

async function peekDelimited(path: string): Promise<PeekedTable> {
  const text = await beginningOf(path);
  const parsed = Papa.parse<Record<string, string>>(text, { header: true, preview: ROWS, skipEmptyLines: true });
  const { fields: columns = [], delimiter } = parsed.meta;
  const usual = /\.tsv$/i.test(withoutPacking(path)) ? '\t' : ',';
  const table = { file: basename(path), columns, rows: parsed.data };
  return delimiter === usual || columns.length < 2 ? table : { ...table, delimiter };
}

function parseLines(text: string): object[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, ROWS).flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null ? [value] : [];
    } catch {
      // Whoever reads the file says what is wrong with it.
      return [];
    }
  });
}

async function peekParquet(path: string): Promise<PeekedTable> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const columns = parquetSchema(metadata).children.map((child) => child.element.name);
    const rows = await parquetReadObjects({ file, metadata, rowStart: 0, rowEnd: ROWS, compressors });
    return { ...tableOf(path, rows), columns };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function tableOf(path: string, objects: readonly object[]): PeekedTable {
  const rows = objects.map((object) =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, textOf(value)])),
  );
  return { file: basename(path), columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  // Lists and structures of Parquet hold bigints, which JSON does not know.
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}
