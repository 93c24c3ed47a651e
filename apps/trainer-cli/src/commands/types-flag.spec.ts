import { parseTypes } from './types-flag';

it('reads a type for each item of a history', () => {
  expect(parseTypes('view,,add to cart', 'a,b,c')).toEqual(['view', '', 'add to cart']);
  expect(parseTypes(undefined, 'a')).toBeUndefined();
});

it('needs a history', () => {
  expect(() => parseTypes('view', undefined)).toThrow('--types needs --history, whose items they are of.');
});
