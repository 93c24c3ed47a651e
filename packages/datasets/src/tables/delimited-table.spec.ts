import { join } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { failureOf } from '../testing/inspect';
import { makeFolder, removeFolders } from '../testing/folders';
import { csv, delimitedTable, type DelimitedFormat, tsv } from './delimited-table';

afterEach(removeFolders);

interface Row {
  readonly cells: unknown[];
  readonly line?: number;
}

async function readAll(content: string | Uint8Array, columns: string[], format: DelimitedFormat = csv): Promise<Row[]> {
  const rows: Row[] = [];
  const table = delimitedTable(join(makeFolder({ 't.csv': content }), 't.csv'), format);
  await table.read(columns, (block) => {
    for (let row = 0; row < block.count; row++) {
      rows.push({ cells: columns.map((_, column) => block.cell(row, column)), line: block.place(row, 0).line });
    }
  });
  return rows;
}

async function notesOf(content: string): Promise<readonly string[]> {
  return delimitedTable(join(makeFolder({ 't.csv': content }), 't.csv'), csv).read(['id'], () => undefined);
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
        // Line ends of all kinds become line feeds, inside fields too.
        const expected = data.map((row) => row.map((cell) => cell.replace(/\r\n?/g, '\n')));
        expect((await readAll(text, ['a', 'b'])).map(({ cells }) => cells)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('reads the same rows whatever line ends they have, mixed or not', async () => {
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    const row = fc.record({ end: lineEnd, id: fc.nat(), text: fc.stringMatching(/^[a-z" ]{0,6}$/) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), lineEnd, async (rows, first) => {
        const format = { ...csv, quotes: false };
        const text = `id,text${first}${rows.map(({ end, id, text: cell }) => `${id},_${cell}_${end}`).join('')}`;
        const read = await readAll(text, ['id', 'text'], format);
        expect(read).toEqual(rows.map(({ id, text: cell }, n) => ({ cells: [String(id), `_${cell}_`], line: n + 2 })));
      }),
      { numRuns: 60 },
    );
  });

  it('takes quotes off whole cells of a TSV, and leaves all others as they are', async () => {
    const lines = ['"id"\ttext', '"1"\t"heat lamp', '2\tray 24"', '3\t"say ""hi"""', '4\t"a" or "b"', ''];
    expect((await readAll(lines.join('\n'), ['id', 'text'], tsv)).map(({ cells }) => cells)).toEqual([
      ['1', '"heat lamp'],
      ['2', 'ray 24"'],
      ['3', 'say "hi"'],
      ['4', '"a" or "b"'],
    ]);
  });

  it('loses no row of a TSV without quoting, whatever its texts are', async () => {
    const text = fc.stringMatching(/^[a-z"' ]{0,8}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 40 }), async (texts) => {
        const content = `text\tid\n${texts.map((each, n) => `${each}\t${n}\n`).join('')}`;
        const rows = await readAll(content, ['id'], tsv);
        expect(rows.map(({ cells }) => cells[0])).toEqual(texts.map((_, n) => String(n)));
      }),
      { numRuns: 60 },
    );
  });

  describe('a quote in a text of a CSV', () => {
    const swallowing = (count: number): string => {
      const texts = Array.from({ length: count }, (_, n) => (n === 3 ? '"heat lamp' : n === count - 3 ? 'ray"' : 'x'));
      return `id,n,text\n${texts.map((text, n) => `${n},${n},${text}\n`).join('')}`;
    };

    it('that swallows many rows is refused, with its line', async () => {
      const error = await failureOf(readAll(swallowing(40), ['id']));
      expect([error.code, error.line, error.column]).toEqual(['DATASET_ROW_MALFORMED', 5, 'text']);
      expect(error.message).toContain('a quote begins a field of 35 lines here, each of which looks like a row;');
    });

    it('that swallows few rows is noted', async () => {
      expect(await notesOf(swallowing(8))).toEqual([
        '1 quoted fields of t.csv hold what looks like rows, the first on line 5; ' +
          'say "quotes: false" in dataset.yaml if quotes are part of the text.',
      ]);
    });

    it('is noted where it makes the only cell with line breaks', async () => {
      expect(await notesOf('id,text\n1,x\n2,"one\ntwo\nthree"\n3,y\n')).toEqual([
        'One field of t.csv goes over 3 lines, that of column text on line 3, and no other has a line break; ' +
          'say "quotes: false" in dataset.yaml if quotes are part of the text.',
      ]);
      expect(await notesOf('id,text\n1,"a\nb"\n2,"one\ntwo"\n')).toEqual([]);
    });

    it('that nothing closes is refused before the whole file is held', async () => {
      const rest = 'lamp,1\n'.repeat(700_000);
      const error = await failureOf(readAll(`text,id\nx,1\n"${rest}`, ['id']));
      expect([error.code, error.line]).toEqual(['DATASET_ROW_MALFORMED', 3]);
      expect(error.message).toContain('a quoted field that begins here does not end');
    });
  });

  it('excludes and counts lines that repeat the header', async () => {
    const content = 'id,text\n1,x\nid,text\n2,y\nid , text\n';
    expect((await readAll(content, ['id'])).map(({ cells }) => cells[0])).toEqual(['1', '2']);
    expect(await notesOf(content)).toEqual(['2 lines of t.csv repeat its header; they are excluded.']);
  });

  it('names all columns that a file lacks', async () => {
    const error = await failureOf(readAll('userId,item\n1,2\n', ['userid', 'time', 'item']));
    expect(error.message).toMatch(
      /these columns do not exist: userid \(did you mean userId\?\), time; its columns are userId, item\.$/,
    );
  });

  it.each([
    [
      'a wanted column twice',
      'userId,b,userId\n1,2,3\n',
      'DATASET_COLUMN_UNKNOWN',
      undefined,
      'has two columns of this name',
    ],
    ['an unknown column', 'userid,b\n1,2\n', 'DATASET_COLUMN_UNKNOWN', undefined, 'did you mean userid?'],
    ['an unknown column unlike all others', 'x,y\n1,2\n', 'DATASET_COLUMN_UNKNOWN', undefined, 'its columns are x, y.'],
    ['a short row', 'userId,b\n1,2\n3\n', 'DATASET_ROW_MALFORMED', 3, 'this row has 1 fields where the header has 2'],
    ['a long row', 'userId,b\n1,2,3\n', 'DATASET_ROW_MALFORMED', 2, 'this row has 3 fields where the header has 2'],
    [
      'an open quote',
      'userId,b\n1,2\n"3,4\n',
      'DATASET_ROW_MALFORMED',
      3,
      'close or remove the quote, or say "quotes: false"',
    ],
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
