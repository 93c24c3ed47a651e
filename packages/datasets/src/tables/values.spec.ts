import { VocabularyBuilder } from '../vocabulary/vocabulary-builder';
import type { Block } from './table';
import { idRowAt, labelsAt, numberAt, numbersAt, optionalNumberAt, textAt } from './values';

const blockOf = (value: unknown, isText = false): Block => ({
  count: 1,
  isText,
  cell: () => value,
  place: () => ({ file: 'f', line: 9, column: 'c' }),
});
const text = (value: string): Block => blockOf(value, true);

describe('numberAt', () => {
  it.each([
    [text('12'), 12],
    [text(' -1.5e3 '), -1500],
    [text('.5'), 0.5],
    [blockOf(2.5), 2.5],
    [blockOf(7n), 7],
    [blockOf(true), 1],
    [text('-3.4028234e38'), -3.4028234e38],
  ])('reads %p as %p', (block, expected) => {
    expect(numberAt(block, 0, 0)).toBe(expected);
  });

  it.each([
    [text('12 apples'), '"12 apples"'],
    [text('0x10'), '"0x10"'],
    [text('Infinity'), '"Infinity"'],
    [blockOf('12'), '"12"'],
    [blockOf([1n]), '[ 1n ]'],
  ])('refuses %p', (block, spelling) => {
    expect(() => numberAt(block, 0, 0)).toThrow(
      `f, line 9, column c: ${spelling} is not a finite number; correct it or leave the row out.`,
    );
  });

  it.each([[text('1.7976931348623157e308')], [text('-3.5e38')], [blockOf(1e160)]])('refuses %p', (block) => {
    expect(() => numberAt(block, 0, 0)).toThrow(
      /^f, line 9, column c: .* is outside the range of float32 \(±3\.4e38\); correct it or leave the row out\.$/,
    );
  });

  it.each([
    [text('')],
    [text(' ')],
    [text('NULL')],
    [text('nan')],
    [text(' N/A ')],
    [text('\\N')],
    [blockOf(NaN)],
    [blockOf(null)],
    [blockOf(undefined)],
  ])('refuses the missing value %p', (block) => {
    expect(() => numberAt(block, 0, 0)).toThrow(
      'f, line 9, column c: the value is empty where a number is needed; fill it in.',
    );
    expect(optionalNumberAt(block, 0, 0)).toBeNaN();
  });
});

describe('idRowAt', () => {
  const kindOf = (block: Block): string => {
    const vocabulary = new VocabularyBuilder('user');
    idRowAt(block, 0, 0, vocabulary);
    return `${vocabulary.build().kind} ${vocabulary.build().idAt(0)}`;
  };

  it.each([
    [text('7'), 'integer 7'],
    [blockOf('7'), 'string 7'],
    [blockOf(7), 'integer 7'],
    [blockOf(7n), 'integer 7'],
    [blockOf(9007199254740993n), 'string 9007199254740993'],
  ])('takes %p for the %s', (block, expected) => {
    expect(kindOf(block)).toBe(expected);
  });

  it.each([
    [text(' 7'), 'integer 7'],
    [text('\u00A0x '), 'string x'],
    [blockOf(' x'), 'string x'],
    [text('7.0'), 'integer 7'],
    [text('Nancy'), 'string Nancy'],
  ])('takes %p for the %s without blanks', (block, expected) => {
    expect(kindOf(block)).toBe(expected);
  });

  it.each([
    [text('')],
    [text('NULL')],
    [text(' nan ')],
    [text('<NA>')],
    [blockOf('None')],
    [blockOf(NaN)],
    [blockOf(null)],
  ])('refuses the missing id %p', (block) => {
    expect(() => kindOf(block)).toThrow('f, line 9, column c: the id is empty; every row needs one.');
  });

  it.each([
    [1.5, '1.5'],
    [2 ** 53, '9007199254740992'],
    [true, 'true'],
  ])('refuses %p', (value, spelling) => {
    expect(() => kindOf(blockOf(value))).toThrow(
      `f, line 9, column c: ${spelling} is no id; ids are strings, or integers within 2^53.`,
    );
  });
});

describe('labelsAt, numbersAt and textAt', () => {
  it('cuts a text at the separator and takes a list as it is', () => {
    expect(labelsAt(text(' a | b||c '), 0, 0, '|')).toEqual(['a', 'b', 'c']);
    expect(labelsAt(blockOf(['a|b', ' c ', '', 4]), 0, 0, '|')).toEqual(['a|b', 'c', '4']);
    expect(labelsAt(blockOf(null), 0, 0, '|')).toEqual([]);
  });

  it('reads numbers parted by blanks', () => {
    expect(numbersAt(text('1 -2.5  3'), 0, 0)).toEqual([1, -2.5, 3]);
    expect(() => numbersAt(text('1 x'), 0, 0)).toThrow('"x" is not a finite number');
    expect(() => numbersAt(text('1 1e39'), 0, 0)).toThrow('"1e39" is outside the range of float32');
  });

  it('reads texts and numbers as texts', () => {
    expect([textAt(blockOf(' x '), 0, 0), textAt(blockOf(5), 0, 0), textAt(blockOf(null), 0, 0)]).toEqual([
      'x',
      '5',
      '',
    ]);
    expect(() => textAt(blockOf({ a: 1 }), 0, 0)).toThrow(
      'f, line 9, column c: { a: 1 } is no text; write a text or a number.',
    );
  });
});
