import { isFilterProblem, placeOf, sentenceOf } from './filter-place.ts';

it.each([
  ['price < "cheap"', 'The filter cannot be read: expected a number or a date, at character 9:\n  price', '"cheap"'],
  ['price <', 'The filter cannot be read: expected a number or a date, at character 8:\n  price <', ''],
  ['price < 3 nor x = 1', 'The filter cannot be read: expected and, or, or the end, at character 11:', 'nor'],
  [
    'year > 3 and colour = "red"',
    'filter: There is no attribute "colour"; the attributes are year (number).',
    'colour',
  ],
  ['year = "red"', 'filter: The attribute year holds numbers, so it cannot be compared with labels.', 'year'],
])('points at what is wrong with %s', (filter, message, wrong) => {
  expect(isFilterProblem(message)).toBe(true);
  const place = placeOf(message, filter);
  expect(place && filter.slice(place.start, place.end)).toBe(wrong);
});

it('shows the sentence of a refusal alone', () => {
  expect(sentenceOf('The filter cannot be read: expected ], at character 9:\n  a in [3, 4\n          ^')).toBe(
    'The filter cannot be read: expected ], at character 9.',
  );
  expect(sentenceOf('filter: There is no attribute "a".')).toBe('There is no attribute "a".');
});

it('leaves other refusals alone', () => {
  expect(isFilterProblem('top_k is 0, but it must be an integer from 1 to 1000.')).toBe(false);
  expect(placeOf('filter is nested more than 8 deep.', 'a')).toBeUndefined();
});
