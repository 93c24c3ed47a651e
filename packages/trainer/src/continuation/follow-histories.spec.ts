import type { Dataset } from '@vector-recall/datasets';
import { AttributeSchema, AttributeTable } from '@vector-recall/item-catalogue';
import { ContinuationError } from '../errors';
import { idsOf } from '../testing/ids';
import { followHistories, type PastCatalogue } from './follow-histories';

const past: PastCatalogue = {
  attributes: AttributeTable.fromRecords(
    new AttributeSchema([
      { name: 'shelf', kind: 'labels' },
      { name: 'price', kind: 'number' },
      { name: 'added', kind: 'date' },
    ]),
    [{ shelf: 'dry', price: 4 }, { price: 6, added: 5 }, {}],
  ),
  userIds: idsOf(['ann', 'bob']),
  itemIds: idsOf(['tea', 'jam', 'rye']),
  names: ['Tea', 'Jam', 'Rye'],
  itemFields: [
    { kind: 'category', name: 'shelf', labels: ['dry', 'wet'], count: 2, values: Int32Array.of(0, 1, 0) },
    {
      kind: 'tags',
      name: 'tags',
      labels: ['new', 'bio'],
      count: 2,
      offsets: Int32Array.of(0, 1, 1, 2),
      values: Int32Array.of(1, 0),
    },
    {
      kind: 'numbers',
      name: 'features',
      names: ['price'],
      width: 1,
      values: Float32Array.of(0, 1, -1),
      standardisation: { mean: [4], scale: [2] },
    },
  ],
  history: { offsets: Int32Array.of(0, 2, 3), items: Int32Array.of(0, 1, 2) },
};

/** Cy is new and has ale, which is new, and tea; Ann has ale too. */
const fresh: Dataset = {
  name: 'week 2',
  users: { vocabulary: idsOf(['cy', 'ann']), fields: [] },
  items: {
    vocabulary: idsOf(['ale', 'tea']),
    names: ['Ale', 'another name'],
    fields: [
      { kind: 'category', name: 'shelf', labels: ['bar', 'wet'], count: 2, values: Int32Array.of(0, 1) },
      {
        kind: 'tags',
        name: 'tags',
        labels: ['bio', 'cold'],
        count: 2,
        offsets: Int32Array.of(0, 2, 2),
        values: Int32Array.of(0, 1),
      },
      {
        kind: 'numbers',
        name: 'features',
        names: ['price'],
        width: 1,
        values: Float32Array.of(3, -1),
        standardisation: { mean: [1], scale: [1] },
      },
    ],
  },
  interactions: {
    userCount: 2,
    itemCount: 2,
    offsets: Int32Array.of(0, 2, 3),
    items: Int32Array.of(0, 1, 0),
    timestamps: Float64Array.of(70, 80, 60),
  },
  notes: ['A note.'],
};

describe('followHistories', () => {
  const joined = followHistories(past, 'v1', fresh);
  const ids = (table: { size: number; idAt(row: number): unknown }) =>
    Array.from({ length: table.size }, (_, row) => table.idAt(row));

  it('puts the new events of each user behind the history, and new users and items behind the known ones', () => {
    expect(ids(joined.users.vocabulary)).toEqual(['ann', 'bob', 'cy']);
    expect(ids(joined.items.vocabulary)).toEqual(['tea', 'jam', 'rye', 'ale']);
    const { offsets, items, timestamps } = joined.interactions;
    expect([...offsets]).toEqual([0, 3, 4, 6]);
    expect([...items]).toEqual([0, 1, 3, 2, 3, 0]);
    // What has no time comes before all that has one.
    expect([...timestamps]).toEqual([60, 60, 60, 60, 70, 80]);
    expect(joined.notes).toEqual(['A note.', '3 new events follow the 3 in the histories of v1.']);
  });

  it('keeps the fields of known items, and takes those of new ones in the stored labels and standardisation', () => {
    const [shelf, tags, numbers] = joined.items.fields;
    expect(shelf).toMatchObject({ labels: ['dry', 'wet', 'bar'], count: 3, values: Int32Array.of(0, 1, 0, 2) });
    expect(tags).toMatchObject({
      labels: ['new', 'bio', 'cold'],
      offsets: Int32Array.of(0, 1, 1, 2, 4),
      values: Int32Array.of(1, 0, 1, 2),
    });
    // A price of 4 is the stored mean.
    expect(numbers).toMatchObject({ values: Float32Array.of(0, 1, -1, 0) });
    expect(joined.items.names).toEqual(['Tea', 'Jam', 'Rye', 'Ale']);
  });

  it('leaves fields unknown that the new data does not have', () => {
    const bare = { ...fresh, items: { vocabulary: idsOf(['ale', 'tea']), fields: [] } };
    const { fields, names } = followHistories(past, 'v1', bare).items;
    expect(fields.map(({ values }) => [...values])).toEqual([
      [0, 1, 0, -1],
      [1, 0],
      [0, 1, -1, 0],
    ]);
    expect(names).toEqual(['Tea', 'Jam', 'Rye', '']);
  });

  it('keeps the numbers and dates of known items, and puts those of new ones behind', () => {
    const values = Float64Array.of(1.5, 9);
    const quantities = [
      { name: 'price', kind: 'number' as const, values },
      { name: 'size', kind: 'number' as const, values },
    ];
    const items = { ...fresh.items, quantities };
    expect(followHistories(past, 'v1', { ...fresh, items }).items.quantities).toEqual([
      { name: 'price', kind: 'number', values: Float64Array.of(4, 6, NaN, 1.5) },
      { name: 'added', kind: 'date', values: Float64Array.of(NaN, 5, NaN, NaN) },
      { name: 'size', kind: 'number', values: Float64Array.of(NaN, NaN, NaN, 1.5) },
    ]);
  });

  it('gives events of the past the weight of one', () => {
    const weights = Float32Array.of(5, 3, 2);
    const weighted = { ...fresh, interactions: { ...fresh.interactions, weights } };
    expect([...(followHistories(past, 'v1', weighted).interactions.weights ?? [])]).toEqual([1, 1, 2, 1, 5, 3]);
  });

  it('joins the types of events, and weighs events of the past as new ones of their type', () => {
    const told = {
      ...past,
      eventTypes: ['cart', 'view'],
      history: { ...past.history, types: Int32Array.of(1, 0, -1) },
    };
    const types = { names: ['view', 'buy'], values: Uint8Array.of(0, 1, 0), target: 1, inHistories: true };
    const weights = Float32Array.of(1, 5, 3);
    const typed = { ...fresh, interactions: { ...fresh.interactions, types, weights } };
    const log = followHistories(told, 'v1', typed).interactions;
    // Ann viewed, put into the cart, and viewed; what Bob did is not known; Cy viewed and bought.
    expect(log.types).toEqual({
      names: ['cart', 'view', 'buy', ''],
      values: Uint8Array.of(1, 0, 1, 3, 1, 2),
      target: 2,
      inHistories: true,
    });
    // Views weigh (1 + 3) / 2 in the mean; no new event says what a cart weighs.
    expect([...(log.weights ?? [])]).toEqual([2, 1, 3, 1, 1, 5]);
  });

  it('gives events of the past no type where histories tell none, and no context', () => {
    const types = { names: ['view'], values: Uint8Array.of(0, 0, 0) };
    const context = [{ name: 'device', labels: ['phone'], values: Int32Array.of(0, -1, 0) }];
    const typed = { ...fresh, interactions: { ...fresh.interactions, types, context } };
    const log = followHistories(past, 'v1', typed).interactions;
    expect(log.types).toEqual({ names: ['view', ''], values: Uint8Array.of(1, 1, 0, 1, 0, 0) });
    expect(log.context).toEqual([{ name: 'device', labels: ['phone'], values: Int32Array.of(-1, -1, 0, -1, 0, -1) }]);
  });

  it('refuses more types than an event can name', () => {
    const eventTypes = Array.from({ length: 256 }, (_, n) => `old ${n}`);
    const told = { ...past, eventTypes, history: { ...past.history, types: Int32Array.of(0, 1, 2) } };
    const types = { names: ['view'], values: new Uint8Array(3) };
    const typed = { ...fresh, interactions: { ...fresh.interactions, types } };
    expect(() => followHistories(told, 'v1', typed)).toThrow('257 types of events together, more than 256');
  });

  it('refuses ids of another kind', () => {
    const numbered = { ...past, userIds: idsOf([1, 2]) };
    expect(() => followHistories(numbered, 'v1', fresh)).toThrow(ContinuationError);
    expect(() => followHistories(numbered, 'v1', fresh)).toThrow(
      'The user ids of v1 are whole numbers, but the new data has "cy"; ' +
        'give --data of the whole log and leave --history-from out.',
    );
  });
});
