import { join } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { failureOf } from '../testing/inspect';
import { makeFolder, removeFolders } from '../testing/folders';
import { csv, delimitedTable, type DelimitedFormat } from './delimited-table';

afterEach(removeFolders);

interface Row {
  readonly cells: unknown[];
  readonly line?: number;
}

async function readAll(content: string | Uint8Array, columns: string[], format: DelimitedFormat = csv): Promise<Row[]> {
  const rows: Row[] = [];
  await delimitedTable(join(makeFolder({ 't.csv': content }), 't.csv'), format).read(columns, (block) => {
    for (let row = 0; row < block.count; row++) {
      rows.push({ cells: columns.map((_, column) => block.cell(row, column)), line: block.place(row, 0).line });
    }
  });
  return rows;
}

describe('delimitedTable', () => {
  it('gives the wanted columns in the wanted order, with their lines', async () => {
    expect(await readAll('a,b,c\n1,2,3\n4,5,6\n', ['c', 'a'])).toEqual([
      { cells: ['3', '1'], line: 2 },
      { cells: ['6', '4'], line: 3 },
    ]);
  });

  it.each([
    ['carriage returns', 'a,b\r\n1,2\r\n'],
    ['a byte order mark', '\uFEFFa,b\n1,2'],
    ['a byte order mark before a quote', '\uFEFF"a",b\n1,2'],
    ['blanks around the names', 'a , b\n1,2\n'],
    ['empty lines', 'a,b\n\n1,2\n\n'],
  ])('reads a file with %s', async (_, content) => {
    expect((await readAll(content, ['a', 'b'])).map(({ cells }) => cells)).toEqual([['1', '2']]);
  });

  it('counts the lines inside quoted fields', async () => {
    const rows = await readAll('a,b\n"one\ntwo, three",2\n"say ""hi""",3\n', ['a', 'b']);
    expect(rows).toEqual([
      { cells: ['one\ntwo, three', '2'], line: 2 },
      { cells: ['say "hi"', '3'], line: 4 },
    ]);
  });

  it('reads delimiters of several characters, other encodings and files without a header', async () => {
    const format = { delimiter: '::', quotes: false, encoding: 'latin1', header: ['id', 'title'] } as const;
    const rows = await readAll(Buffer.from('1::Am"élie: the film\n2::"Heat\n', 'latin1'), ['title'], format);
    expect(rows).toEqual([
      { cells: ['Am"élie: the film'], line: 1 },
      { cells: ['"Heat'], line: 2 },
    ]);
  });

  it('keeps lines and fields together across the chunks of a large file', async () => {
    const count = 60_000;
    const lines = Array.from({ length: count }, (_, row) => (row % 7 === 0 ? `${row},"x\n${row}"` : `${row},x${row}`));
    const rows = await readAll(`id,text\n${lines.join('\n')}`, ['id', 'text']);
    let line = 2;
    expect(rows).toHaveLength(count);
    rows.forEach((row, index) => {
      const isTwoLines = index % 7 === 0;
      if (row.line !== line || row.cells[1] !== (isTwoLines ? `x\n${index}` : `x${index}`)) {
        throw new Error(`Row ${index} is ${JSON.stringify(row)}.`);
      }
      line += isTwoLines ? 2 : 1;
    });
  });

  it('reads back whatever a CSV writer writes', async () => {
    const field = fc
      .oneof(fc.string(), fc.constantFrom('"', ',', '\n', '\r\n', ' x ', '::', ''))
      .map((text) => `_${text}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 20 }), async (data) => {
        const text = Papa.unparse({ fields: ['a', 'b'], data }, { newline: '\n' });
        expect((await readAll(text, ['a', 'b'])).map(({ cells }) => cells)).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['an unknown column', 'userid,b\n1,2\n', 'DATASET_COLUMN_UNKNOWN', undefined, 'did you mean userid?'],
    ['an unknown column unlike all others', 'x,y\n1,2\n', 'DATASET_COLUMN_UNKNOWN', undefined, 'its columns are x, y.'],
    ['a short row', 'userId,b\n1,2\n3\n', 'DATASET_ROW_MALFORMED', 3, 'this row has 1 fields where the header has 2'],
    ['a long row', 'userId,b\n1,2,3\n', 'DATASET_ROW_MALFORMED', 2, 'this row has 3 fields where the header has 2'],
    ['an open quote', 'userId,b\n1,2\n"3,4\n', 'DATASET_ROW_MALFORMED', 3, 'close or remove the quote.'],
    ['an empty file', '', 'DATASET_EMPTY', undefined, 'this file is empty; its first line has to name the columns.'],
  ])('refuses %s', async (_, content, code, line, message) => {
    const error = await failureOf(readAll(content, ['userId']));
    expect([error.code, error.line]).toEqual([code, line]);
    expect(error.message).toContain(message);
  });

  it('refuses a file that is not there', async () => {
    const error = await failureOf(delimitedTable('/nowhere/ratings.csv', csv).read(['a'], () => undefined));
    expect([error.code, error.message]).toEqual([
      'DATASET_FILE_MISSING',
      '/nowhere/ratings.csv: this file does not exist; check the path.',
    ]);
  });

  it('refuses a folder', async () => {
    const error = await failureOf(delimitedTable(makeFolder({}), csv).read(['a'], () => undefined));
    expect(error.code).toBe('DATASET_FILE_UNREADABLE');
    expect(error.message).toMatch(/this file can't be read: it is a folder\.$/);
  });
});
