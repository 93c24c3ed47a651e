import fc from 'fast-check';
import { PackedStrings } from './packed-strings';

it.each<[string, string[]]>([
  ['none', []],
  ['empty ones', ['', 'a', '', '']],
  ['Latin', ['Amélie', 'naïve', 'plain']],
  ['any language', ['千と千尋の神隠し', 'Amélie', '', 'Ирония судьбы', '🎬']],
])('gives back %s', (_, strings) => {
  const packed = new PackedStrings(structuredClone(PackedStrings.of(strings).toParts()));
  expect(packed.length).toBe(strings.length);
  expect(strings.map((__, row) => packed.at(row))).toEqual(strings);
});

it('gives back every string, lone surrogates among them', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (strings) => {
      const packed = PackedStrings.of([...strings, '\ud800']);
      expect([...strings, '\ud800'].map((_, row) => packed.at(row))).toEqual([...strings, '\ud800']);
    }),
  );
});

it.each([-1, 2, NaN])('has nothing at %d', (row) => {
  const packed = PackedStrings.of(['a', 'b']);
  expect(packed.at(row)).toBeUndefined();
});
