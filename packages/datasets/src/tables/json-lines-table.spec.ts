import { join } from 'node:path';
import fc from 'fast-check';
import { makeFolder, removeFolders } from '../testing/folders';
import { failureOf } from '../testing/inspect';
import { jsonLinesTable } from './json-lines-table';

afterEach(removeFolders);

async function readAll(content: string, columns: string[]): Promise<{ cells: unknown[]; line?: number }[]> {
  const rows: { cells: unknown[]; line?: number }[] = [];
  await jsonLinesTable(join(makeFolder({ 't.jsonl': content }), 't.jsonl')).read(columns, (block) => {
    for (let row = 0; row < block.count; row++) {
      rows.push({ cells: columns.map((_, column) => block.cell(row, column)), line: block.place(row, 0).line });
    }
  });
  return rows;
}

describe('jsonLinesTable', () => {
  it('gives the wanted keys of each line, and skips empty lines', async () => {
    const rows = await readAll('\uFEFF{"a":1,"b":["x"]}\r\n\n{"a":"2"}\n', ['b', 'a']);
    expect(rows).toEqual([
      { cells: [['x'], 1], line: 1 },
      { cells: [undefined, '2'], line: 3 },
    ]);
  });

  it('reads back what JSON.stringify writes, over the chunks of a large file', async () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.array(fc.string()), fc.boolean(), fc.constant(null));
    const large = 'x'.repeat(150_000);
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 8 }), async (values) => {
        const text = values.map((entry) => JSON.stringify({ entry, large })).join('\n');
        expect((await readAll(text, ['entry'])).map(({ cells }) => cells[0])).toEqual(values);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    ['a line that is no JSON', '{"a":1}\n{"a":\n', 'DATASET_ROW_MALFORMED', 2, 'this line is no JSON ('],
    ['a line that is no object', '[1]\n', 'DATASET_ROW_MALFORMED', 1, 'this line is no JSON object; write one object'],
    [
      'a key that no line has',
      '{"b":1}\n',
      'DATASET_COLUMN_UNKNOWN',
      undefined,
      'column a: there is no such column; no line',
    ],
  ])('refuses %s', async (_, content, code, line, message) => {
    const error = await failureOf(readAll(content, ['a']));
    expect([error.code, error.line]).toEqual([code, line]);
    expect(error.message).toContain(message);
  });

  it('refuses a file that is not there', async () => {
    expect((await failureOf(jsonLinesTable('/nowhere/x.jsonl').read(['a'], () => undefined))).code).toBe(
      'DATASET_FILE_MISSING',
    );
  });
});
