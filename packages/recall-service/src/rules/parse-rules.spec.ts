import { AttributeSchema } from '@vector-recall/item-catalogue';
import { parseRules, type ParsedRules } from './parse-rules';

const schema = new AttributeSchema([
  { name: 'brand', kind: 'labels' },
  { name: 'price', kind: 'number' },
  { name: 'added', kind: 'date' },
]);

class Refusal extends Error {}

function parse(rules: unknown, topK = 10): ParsedRules {
  return parseRules(rules, {
    schema,
    limits: { maxTopK: 10_000, maxEfSearch: 100 },
    topK,
    rowsOf: (ids) => Int32Array.from(ids as number[]),
    refuse: (problem) => {
      throw new Refusal(`rules${problem}`);
    },
  });
}

it('fills in what is not given', () => {
  const none = { pool: 40, caps: [], decays: [], boosts: [], promoted: new Int32Array(0), quota: 0 };
  expect(parse({})).toEqual(none);
  expect(parse({ pool: 10, promoted: { itemIds: [7, 3, 7], quota: 2 } })).toEqual({
    ...none,
    pool: 10,
    promoted: Int32Array.of(7, 3),
    quota: 2,
  });
});

it('looks at fewer candidates where diversity would take too long', () => {
  expect(parse({ diversity: { lambda: 0 } }, 1000).pool).toBe(4000);
  expect(parse({ diversity: { lambda: 0 } }, 2000).pool).toBe(2000);
  expect(parse({}, 2000).pool).toBe(8000);
});

it.each<[unknown, string]>([
  [[], 'rules must be an object of pool, caps, diversity, decays, boosts, promoted.'],
  [{ cap: 1 }, 'rules has no field "cap"; its fields are pool, caps, diversity, decays, boosts, promoted.'],
  [{ pool: 9 }, 'rules.pool is 9, but it must be an integer from 10 to 40000.'],
  [{ pool: '9' }, 'rules.pool is not a number, but it must be an integer from 10 to 40000.'],
  [
    { pool: 40_000, diversity: { lambda: 0.5 }, topK: 0 },
    'rules has no field "topK"; its fields are pool, caps, diversity, decays, boosts, promoted.',
  ],
  [{ caps: {} }, 'rules.caps must be an array.'],
  [{ caps: new Array(9).fill({}) }, 'rules.caps has 9 entries, but it may have at most 8.'],
  [{ caps: [{ attribute: 'brand', most: 0 }] }, 'rules.caps[0].most is 0, but it must be an integer from 1 to 10000.'],
  [{ caps: [{ most: 1 }] }, 'rules.caps[0].attribute must be the name of an attribute.'],
  [
    { caps: [{ attribute: 'price', most: 1 }] },
    'rules.caps[0]: the attribute price is of the kind number, but it must be of the kind labels.',
  ],
  [
    { boosts: [{ attribute: 'size', weight: 1 }] },
    'rules.boosts[0]: there is no attribute "size"; the attributes are brand (labels), price (number), added (date).',
  ],
  [{ boosts: [{ attribute: 'price', weight: NaN }] }, 'rules.boosts[0].weight is NaN, but it must be a finite number.'],
  [
    { decays: [{ attribute: 'added', halfLife: 0 }] },
    'rules.decays[0]: the half-life is 0, but it must be a number of seconds above 0.',
  ],
  [{ diversity: { lambda: 1.5 } }, 'rules.diversity.lambda is 1.5, but it must be a number from 0 to 1.'],
  [{ diversity: {} }, 'rules.diversity.lambda is missing, but it must be a number from 0 to 1.'],
  [{ promoted: { itemIds: [], quota: 1 } }, 'rules.promoted must list from 1 to 1000 item ids.'],
  [{ promoted: { itemIds: [1], quota: 11 } }, 'rules.promoted.quota is 11, but it must be an integer from 1 to 10.'],
])('refuses %j', (rules, message) => {
  expect(() => parse(rules)).toThrow(new Refusal(message));
});

it('refuses what diversity would take too long for', () => {
  expect(() => parse({ diversity: { lambda: 1 } }, 2001)).toThrow(
    'rules ask for diversity, which can rank at most 2000 items; lower the number of items, or leave it out.',
  );
  expect(() => parse({ pool: 5000, diversity: { lambda: 1 } }, 1000)).toThrow(
    'rules.pool is 5000, but with diversity it may be at most 4000 where 1000 items are asked for.',
  );
});
