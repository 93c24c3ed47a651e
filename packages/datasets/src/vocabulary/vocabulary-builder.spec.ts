import fc from 'fast-check';
import { DatasetError } from '../errors';
import { parseInteger, VocabularyBuilder } from './vocabulary-builder';

const place = () => ({ file: 'log.csv', line: 3, column: 'item' });

describe('VocabularyBuilder', () => {
  it('numbers integer ids in the order in which they turn up', () => {
    const builder = new VocabularyBuilder('item');
    expect(['30', '-4', '30', '0'].map((id) => builder.rowOfText(id, place))).toEqual([0, 1, 0, 2]);
    const vocabulary = builder.build();
    expect([vocabulary.kind, vocabulary.size, vocabulary.idAt(1)]).toEqual(['integer', 3, -4]);
    expect(vocabulary.rowOf(30)).toBe(0);
    expect(vocabulary.rowOf('30')).toBeUndefined();
    expect(vocabulary.rowOf(31)).toBeUndefined();
    expect(vocabulary.rowOf(0.5)).toBeUndefined();
  });

  it.each(['abc', '007', '9007199254740993', '1.5', '+1'])('takes all text ids for strings once it meets %p', (id) => {
    const builder = new VocabularyBuilder('item');
    expect([builder.rowOfText('12', place), builder.rowOfText(id, place), builder.rowOfText('12', place)]).toEqual([
      0, 1, 0,
    ]);
    const vocabulary = builder.build();
    expect([vocabulary.kind, vocabulary.idAt(0), vocabulary.idAt(1)]).toEqual(['string', '12', id]);
    expect([vocabulary.rowOf('12'), vocabulary.rowOf(12), vocabulary.rowOf('x')]).toEqual([0, undefined, undefined]);
  });

  it('lets text join ids that a file declared', () => {
    const integers = new VocabularyBuilder('item');
    expect([integers.rowOfInteger(5, place), integers.rowOfText('5', place)]).toEqual([0, 0]);
    const strings = new VocabularyBuilder('item');
    expect([strings.rowOfString('5', place), strings.rowOfText('5', place)]).toEqual([0, 0]);
  });

  const message = (id: string, kind: string): string =>
    `log.csv, line 3, column item: the item id ${id} does not fit the ones before it, which are ${kind}; ` +
    'write all item ids as one kind.';

  it.each([
    ['a string after integers', 'integers', '"7"', (b: VocabularyBuilder) => b.rowOfString('7', place)],
    ['a word in a text after integers', 'integers', '"x"', (b: VocabularyBuilder) => b.rowOfText('x', place)],
  ])('refuses %s', (_, kind, id, act) => {
    const builder = new VocabularyBuilder('item');
    builder.rowOfInteger(5, place);
    expect(() => act(builder)).toThrow(new DatasetError('DATASET_ID_KIND_MIXED', message(id, kind)));
  });

  it('reads 7.0 as 7 among integers, and as it is written among strings', () => {
    const integers = new VocabularyBuilder('item');
    expect(['7.0', '7', '-3.00'].map((id) => integers.rowOfText(id, place))).toEqual([0, 0, 1]);
    expect([integers.build().idAt(0), integers.build().idAt(1)]).toEqual([7, -3]);
    expect(integers.notes()).toEqual(['2 item ids are written with decimals, as in 7.0, and read as integers.']);
    const versions = new VocabularyBuilder('item');
    for (const id of ['1.0', '2.0', '1.1', '2.0']) versions.rowOfText(id, place);
    expect([0, 1, 2].map((row) => versions.build().idAt(row))).toEqual(['1.0', '2.0', '1.1']);
  });

  it('takes integers on both sides of 2^53 for strings, in any order', () => {
    for (const ids of [
      [1n, 9007199254740993n, 9007199254740992n, 2n],
      [9007199254740993n, 1n, 2n, 9007199254740992n],
    ]) {
      const builder = new VocabularyBuilder('user');
      const rows = ids.map((id) => builder.rowOfInteger(id, place));
      expect(rows).toEqual([0, 1, 2, 3]);
      expect(rows.map((row) => builder.build().idAt(row))).toEqual(ids.map(String));
      // The same ids in a text file.
      expect(ids.map((id) => builder.rowOfText(String(id), place))).toEqual(rows);
    }
  });

  it('says which few ids turn the others into strings', () => {
    const builder = new VocabularyBuilder('item');
    for (let id = 0; id < 30; id++) builder.rowOfText(String(id), place);
    builder.rowOfText('total', place);
    expect(builder.notes()).toEqual([
      '1 of 31 item ids are no integers, the first being "total" on line 3 of log.csv; so all item ids are strings.',
    ]);
    for (let id = 0; id < 4; id++) builder.rowOfText(`x${id}`, place);
    expect(builder.notes()).toEqual([]);
  });

  it('refuses an integer after strings', () => {
    const builder = new VocabularyBuilder('item');
    builder.rowOfString('x', place);
    expect(() => builder.rowOfInteger(7, place)).toThrow(message('7', 'strings'));
  });

  it('finds every id again, whatever they are', () => {
    const ids = fc.oneof(fc.maxSafeInteger().map(String), fc.string(), fc.nat(20).map(String));
    fc.assert(
      fc.property(fc.array(ids, { minLength: 1, maxLength: 200 }), (texts) => {
        const builder = new VocabularyBuilder('user');
        const rows = texts.map((text) => builder.rowOfText(text, place));
        const vocabulary = builder.build();
        const distinct = [...new Set(texts)];
        expect(vocabulary.size).toBe(distinct.length);
        texts.forEach((text, index) => {
          expect(rows[index]).toBe(distinct.indexOf(text));
          expect(String(vocabulary.idAt(rows[index]))).toBe(text);
          expect(vocabulary.rowOf(vocabulary.idAt(rows[index]))).toBe(rows[index]);
        });
      }),
    );
  });
});

describe('parseInteger', () => {
  it('reads what String writes, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger().map(String), fc.string(), fc.float().map(String)), (text) => {
        const value = Number(text);
        const isUsual = Number.isSafeInteger(value) && String(value) === text;
        expect(parseInteger(text)).toBe(isUsual ? value : undefined);
      }),
    );
  });
});
