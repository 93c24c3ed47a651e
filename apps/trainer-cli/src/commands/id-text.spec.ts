import { UsageError } from '@vector-recall/command-line';
import { readId, readIds } from './id-text';

it.each(['007', ' 7 ', '7.0', '', '-0', '9007199254740993', 'ü'])('takes the text %j to the letter', (text) => {
  expect(readId('--user', text, 'string')).toBe(text);
});

it.each([
  ['7', 7],
  ['0', 0],
  ['-3', -3],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('reads the integer %j', (text, id) => {
  expect(readId('--user', text, 'integer')).toBe(id);
});

it.each(['007', ' 7', '7.0', '', '-0', '+7', '1e3', '0x1', '9007199254740993', 'u7'])(
  'refuses %j where ids are integers',
  (text) => {
    expect(() => readId('--user', text, 'integer')).toThrow(
      new UsageError(`--user is "${text}", but the ids of this model are integers, as in 7 (up to 9007199254740991).`),
    );
  },
);

it('splits lists at commas and nowhere else', () => {
  expect(readIds('--history', 'a, b,c', 'string')).toEqual(['a', ' b', 'c']);
  expect(readIds('--history', '3,1', 'integer')).toEqual([3, 1]);
  expect(readIds('--history', '', 'string')).toEqual([]);
});
