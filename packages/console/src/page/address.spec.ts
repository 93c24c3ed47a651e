import { addressOf, queryIn } from './address.ts';

it.each([
  { from: 'user', id: 'a b&c', topK: 5, filter: '' },
  { from: 'item', id: '7', topK: 20, filter: 'price < 3 and brand = "x&y"' },
] as const)('an address brings %j back', (query) => {
  expect(queryIn(addressOf(query))).toEqual(query);
});

it.each([
  ['', undefined],
  ['?user=', undefined],
  ['?user=4&k=-3', { from: 'user', id: '4', topK: 20, filter: '' }],
])('reads %j', (search, query) => {
  expect(queryIn(search)).toEqual(query);
});
