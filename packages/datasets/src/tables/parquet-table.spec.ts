import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { makeFolder, removeFolders } from '../testing/folders';
import { failureOf } from '../testing/inspect';
import { parquetTable } from './parquet-table';

afterEach(removeFolders);

const written = (): string => {
  const content = parquetWriteBuffer({
    columnData: [
      { name: 'id', data: [7n, 8n, 9n], type: 'INT64' },
      { name: 'name', data: ['a', 'b', null], type: 'STRING', nullable: true },
      { name: 'price', data: [0.5, 1.5, 2.5], type: 'DOUBLE' },
      { name: 'at', data: [0, 1000, 2000].map((time) => new Date(time)), type: 'TIMESTAMP' },
    ],
    // Two row groups, so that rows have to be counted across them.
    rowGroupSize: 2,
  });
  return join(makeFolder({ 't.parquet': new Uint8Array(content) }), 't.parquet');
};

describe('parquetTable', () => {
  it('gives the wanted columns over all row groups, with their rows', async () => {
    const rows: unknown[] = [];
    await parquetTable(written()).read(['name', 'id', 'at', 'price'], (block) => {
      for (let row = 0; row < block.count; row++) {
        rows.push([block.place(row, 0).line, ...[0, 1, 2, 3].map((column) => block.cell(row, column))]);
      }
    });
    expect(rows).toEqual([
      [1, 'a', 7n, new Date(0), 0.5],
      [2, 'b', 8n, new Date(1000), 1.5],
      [3, null, 9n, new Date(2000), 2.5],
    ]);
  });

  it('refuses an unknown column', async () => {
    const error = await failureOf(parquetTable(written()).read(['prize'], () => undefined));
    expect([error.code, error.column]).toEqual(['DATASET_COLUMN_UNKNOWN', 'prize']);
    expect(error.message).toMatch(/did you mean price\?$/);
  });

  it('refuses a file that is no Parquet', async () => {
    const folder = makeFolder({ 't.parquet': 'user,item\n1,2\n3,4\n' });
    const error = await failureOf(parquetTable(join(folder, 't.parquet')).read(['a'], () => undefined));
    expect(error.code).toBe('DATASET_FILE_UNREADABLE');
    expect(error.message).toContain("this file can't be read: ");
  });

  it('refuses a file that is not there', async () => {
    const error = await failureOf(parquetTable('/nowhere/t.parquet').read(['a'], () => undefined));
    expect(error.code).toBe('DATASET_FILE_MISSING');
  });
});
