import { join } from 'node:path';
import fc from 'fast-check';
import { makeFolder, removeFolders } from '../../testing/folders';
import { categoryOf, eventsOf, failureOf, fieldOf, tagsOf } from '../../testing/inspect';
import { readRecBole } from './read-recbole';

afterEach(removeFolders);

const options = { minUserInteractions: 1 };
const table = (...rows: string[][]): string => `${rows.map((row) => row.join('\t')).join('\n')}\n`;
const inter = table(
  ['user_id:token', 'item_id:token', 'rating:float', 'timestamp:float'],
  ['u1', 'a', '5', '20'],
  ['u1', 'b', '4', '10.5'],
  ['u2', 'a', '3', '30'],
);

describe('readRecBole', () => {
  it('reads a log by itself, in order of time', async () => {
    const dataset = await readRecBole(makeFolder({ 'shop.inter': inter }), options);
    expect(dataset.name).toBe('shop');
    expect(eventsOf(dataset)).toEqual([
      ['u1', 'b', 10.5],
      ['u1', 'a', 20],
      ['u2', 'a', 30],
    ]);
    expect([fieldOf(dataset.users, 'numbers'), fieldOf(dataset.items, 'tags'), dataset.notes]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  it('says so where there are no times', async () => {
    const log = table(['item_id:token', 'user_id:token'], ['7', '1'], ['5', '1']);
    const dataset = await readRecBole(makeFolder({ 'x.inter': log }), options);
    expect(eventsOf(dataset)).toEqual([
      [1, 7, 0],
      [1, 5, 0],
    ]);
    expect(dataset.interactions.order).toBe('none');
    expect(dataset.notes).toEqual([
      'The log has no field timestamp; the events of a user are taken in an order drawn by the seed, ' +
        'and the last ones are held out.',
    ]);
  });

  it('turns typed fields of users into numbers and flags', async () => {
    const users = table(
      ['user_id:token', 'gender:token', 'age:float', 'vector:float_seq', 'likes:token_seq', 'nickname:token'],
      ['u2', 'F', '30', '1 2', 'x y', 'Bo'],
      ['u1', 'M', '', '3 6', 'x', 'Al'],
    );
    const dataset = await readRecBole(makeFolder({ 'shop.inter': inter, 'shop.user': users }), options);
    expect(fieldOf(dataset.users, 'numbers')?.names).toEqual([
      'age',
      'ageMissing',
      'vector1',
      'vector2',
      'gender=F',
      'gender=M',
    ]);
    expect(dataset.users.vocabulary.idAt(0)).toBe('u2');
    expect([...(fieldOf(dataset.users, 'numbers')?.values ?? [])]).toEqual([0, 0, -1, -1, 1, 0, 0, 1, 1, 1, 0, 1]);
    expect(dataset.notes).toEqual([
      'The user field nickname is a name; it was excluded.',
      'The user field likes is a list of tokens; it was excluded.',
    ]);
  });

  it('turns typed fields of items into names, categories, tags and numbers', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) => [
      id,
      `Item ${id}`,
      index < 5 ? 'red small' : 'red large',
      '2001',
      String(index),
    ]);
    const items = table(
      ['item_id:token', 'movie_title:token_seq', 'class:token_seq', 'release_year:token', 'price:float'],
      ...rows,
    );
    const dataset = await readRecBole(makeFolder({ 'shop.inter': inter, 'shop.item': items }), options);
    expect(dataset.items.names?.slice(0, 2)).toEqual(['Item a', 'Item b']);
    expect([categoryOf(dataset, 'a'), categoryOf(dataset, 'f')]).toEqual(['small', 'red']);
    expect(tagsOf(dataset, 'f')).toEqual(['class=red', 'class=large', 'release_year=2001']);
    expect(fieldOf(dataset.items, 'numbers')?.names).toEqual(['price']);
  });

  it('takes the first single label for the category where there are no lists', async () => {
    const items = table(['item_id:token', 'brand:token', 'colour:token'], ['a', 'X', 'red'], ['b', 'Y', '']);
    const dataset = await readRecBole(makeFolder({ 'shop.inter': inter, 'shop.item': items }), options);
    expect([categoryOf(dataset, 'a'), categoryOf(dataset, 'b')]).toEqual(['X', 'Y']);
    expect([tagsOf(dataset, 'a'), tagsOf(dataset, 'b')]).toEqual([['colour=red'], []]);
  });

  it('leaves out labels that identify rather than group, and says so', async () => {
    const many = Array.from({ length: 1001 }, (_, row) => [`i${row}`, `sku${row}`]);
    const users = Array.from({ length: 65 }, (_, row) => [`u${row}`, `zip${row}`]);
    const dataset = await readRecBole(
      makeFolder({
        'shop.inter': inter,
        'shop.item': table(['item_id:token', 'sku:token'], ...many),
        'shop.user': table(['user_id:token', 'zip:token'], ...users),
      }),
      options,
    );
    expect([fieldOf(dataset.items, 'category'), fieldOf(dataset.users, 'numbers')]).toEqual([undefined, undefined]);
    expect(dataset.notes).toContain('The user field zip has 65 values, more than 64; it was excluded.');
    expect(dataset.notes).toContain('The item field sku has 1001 values, more than 1000; it was excluded.');
  });

  it('reads back any log that is written with tabs', async () => {
    // Letters around them keep ids from looking like numbers and from blanks at their ends; tabs and line ends can't be in a token.
    const token = fc.stringMatching(/^[^\t\r\n\uFEFF]{0,8}$/).map((text) => `k${text}k`);
    const event = fc.record({ user: token, item: token, time: fc.double({ noNaN: true, min: -2e9, max: 7e9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), async (events) => {
        const log = table(
          ['user_id:token', 'item_id:token', 'timestamp:float'],
          ...events.map(({ user, item, time }) => [user, item, String(time)]),
        );
        const dataset = await readRecBole(makeFolder({ 'x.inter': log }), options);
        const users = [...new Set(events.map(({ user }) => user))];
        const expected = users.flatMap((user) =>
          events.filter((one) => one.user === user).sort((a, b) => a.time - b.time),
        );
        expect(eventsOf(dataset)).toEqual(expected.map(({ user, item, time }) => [user, item, time + 0]));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['no .inter file', {}, 'DATASET_LAYOUT_UNKNOWN', 'this folder holds no .inter file; give a folder with one'],
    [
      'two .inter files',
      { 'b.inter': inter, 'a.inter': inter },
      'DATASET_LAYOUT_UNKNOWN',
      'this folder holds 2 .inter files (a, b)',
    ],
    ['a header without types', { 'a.inter': 'user_id\titem_id\n1\t2\n' }, 'DATASET_DESCRIPTION_INVALID', 'name:type'],
    [
      'an unknown type',
      { 'a.inter': 'user_id:text\titem_id:token\n1\t2\n' },
      'DATASET_DESCRIPTION_INVALID',
      'line 1, column user_id:text: a field is written name:type with the type token, token_seq, float, float_seq',
    ],
    [
      'a log without items',
      { 'a.inter': 'user_id:token\tx:float\n1\t2\n' },
      'DATASET_COLUMN_UNKNOWN',
      'line 1, column item_id: there is no such field; the fields are user_id:token, x:float.',
    ],
    ['an empty file', { 'a.inter': '' }, 'DATASET_EMPTY', 'its first line has to name the fields.'],
    [
      'a log without events',
      { 'a.inter': 'user_id:token\titem_id:token\n' },
      'DATASET_EMPTY',
      'The log of a holds no interaction',
    ],
    [
      'a word for a number',
      { 'a.inter': inter, 'a.item': table(['item_id:token', 'price:float'], ['a', '1'], ['b', 'cheap']) },
      'DATASET_NUMBER_INVALID',
      'line 3, column price:float: "cheap" is not a finite number',
    ],
    [
      'vectors of different length',
      { 'a.inter': inter, 'a.item': table(['item_id:token', 'v:float_seq'], ['a', '1 2'], ['b', '1']) },
      'DATASET_ROW_MALFORMED',
      'line 3, column v:float_seq: this row holds 1 numbers where the first holds 2; give each row as many.',
    ],
    [
      'a user twice',
      { 'a.inter': inter, 'a.user': table(['user_id:token'], ['u1'], ['u1']) },
      'DATASET_DUPLICATE_ROW',
      'line 3, column user_id:token: the user u1 has been described before',
    ],
  ])('refuses %s', async (_, files, code, message) => {
    const error = await failureOf(readRecBole(makeFolder(files), options));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it('prefers the log that is named like the folder', async () => {
    const folder = join(makeFolder({ 'shop/shop.inter': inter, 'shop/other.inter': inter }), 'shop');
    expect((await readRecBole(folder, options)).name).toBe('shop');
  });

  it('refuses a folder that does not exist', async () => {
    expect((await failureOf(readRecBole('/nowhere', options))).code).toBe('DATASET_FILE_MISSING');
  });
});
