import { AttributeSchema, AttributeTable } from '@vector-recall/item-catalogue';
import { FilterCompiler } from '../filtering/filter-compiler';
import { RecallRequestError } from '../errors';
import type { RecallRequest } from '../recall';
import { smallCatalogue, typedCatalogue } from '../testing/small-world';
import { RequestParser } from './request-parser';

const limits = { maxTopK: 10_000, maxEfSearch: 2000 };
const options = {
  limits,
  schema: new AttributeSchema([
    { name: 'brand', kind: 'labels' },
    { name: 'price', kind: 'number' },
    { name: 'added', kind: 'date' },
  ]),
  vectors: { dim: 3, space: 'cosine' },
  filters: new FilterCompiler(AttributeTable.empty(60), smallCatalogue().itemIds),
  inputs: ['userId', 'history', 'features', 'queryVector'],
} as const;
const parser = new RequestParser(smallCatalogue(), { ...options, strictIds: false });
const strict = new RequestParser(smallCatalogue(), { ...options, strictIds: true });
const refusal = (field: string, message: string): RecallRequestError => new RecallRequestError(field, () => message);
const untyped = (value: unknown): never => value as never;

describe('a request for candidates', () => {
  it('turns ids into rows and features into model inputs', () => {
    const request = { userId: 101, history: ['i3', 'gone'], features: [50, 5], topK: 7 };
    const parsed = {
      userRow: 1,
      history: Int32Array.of(3),
      unknownHistoryItems: 1,
      features: Float32Array.of(1, 0),
      topK: 7,
      excludeSeen: true,
    };
    expect(parser.parseRecall(request)).toEqual(parsed);
    expect(parser.parseRecall({ ...request, excludeItemIds: ['gone', 'i7', 'i1'], efSearch: 7 })).toEqual({
      ...parsed,
      exclude: Int32Array.of(7, 1),
      efSearch: 7,
    });
  });

  it('turns the types of a history into rows, beside the items that the catalogue holds', () => {
    const typed = new RequestParser(typedCatalogue(), { ...options, strictIds: false });
    const request = { history: ['i3', 'gone', 'i5', 'i3'], historyTypes: ['purchase', 'view', 'never seen', 'view'] };
    expect(typed.parseRecall({ ...request, topK: 1 })).toMatchObject({
      history: Int32Array.of(3, 5, 3),
      historyTypes: Int32Array.of(1, -1, 0),
    });
    expect(parser.parseRecall({ ...request, topK: 1 }).historyTypes).toEqual(Int32Array.of(-1, -1, -1));
  });

  it('may look at fewer candidates than it asks for', () => {
    expect(parser.parseRecall({ topK: 9, efSearch: 1 })).toMatchObject({ topK: 9, efSearch: 1 });
  });

  it.each<[string, unknown, string]>([
    ['topK', { topK: 0 }, 'topK is 0, but it must be an integer from 1 to 10000.'],
    ['topK', { topK: 10_001 }, 'topK is 10001, but it must be an integer from 1 to 10000.'],
    ['topK', { topK: 2.5 }, 'topK is 2.5, but it must be an integer from 1 to 10000.'],
    ['topK', { topK: '9' }, 'topK is not a number, but it must be an integer from 1 to 10000.'],
    ['topK', {}, 'topK is missing, but it must be an integer from 1 to 10000.'],
    ['userId', { topK: 1, userId: {} }, 'userId must be an integer or a string.'],
    ['history', { topK: 1, history: 'i1' }, 'history must be an array of item ids, integers or strings.'],
    ['history', { topK: 1, history: [null] }, 'history must be an array of item ids, integers or strings.'],
    [
      'excludeItemIds',
      { topK: 1, excludeItemIds: 'i1' },
      'excludeItemIds must be an array of item ids, integers or strings.',
    ],
    ['historyTypes', { topK: 1, history: ['i1'], historyTypes: 'view' }, 'historyTypes must be an array of strings.'],
    ['historyTypes', { topK: 1, history: ['i1'], historyTypes: [1] }, 'historyTypes must be an array of strings.'],
    [
      'historyTypes',
      { topK: 1, history: ['i1', 'i2'], historyTypes: ['view'] },
      'historyTypes has 1 values, but history has 2 items; send one for each.',
    ],
    [
      'historyTypes',
      { topK: 1, historyTypes: ['view'] },
      'historyTypes has 1 values, but history has 0 items; send one for each.',
    ],
    ['efSearch', { topK: 1, efSearch: 0 }, 'efSearch is 0, but it must be an integer from 1 to 2000.'],
    ['efSearch', { topK: 1, efSearch: 2001 }, 'efSearch is 2001, but it must be an integer from 1 to 2000.'],
    ['excludeSeen', { topK: 1, excludeSeen: 1 }, 'excludeSeen must be true or false.'],
    ['features', { topK: 1, features: 3 }, 'features must be an array of numbers.'],
    ['features', { topK: 1, features: [1] }, 'features has 1 values, but the model takes 2: age, visits.'],
    ['features', { topK: 1, features: [1, NaN] }, 'features[1] (visits) is NaN, but it must be a finite number.'],
    ['features', { topK: 1, features: ['1', 2] }, 'features[0] (age) is 1, but it must be a finite number.'],
    [
      'topk',
      { topK: 1, topk: 1 },
      'There is no field topk; a request has userId, features, history, historyTypes, historyWeights, negativeItemIds, shown, context, queryVector, excludeSeen, topK, excludeItemIds, efSearch, filter, rules.',
    ],
    ['request', 5, 'request must be an object.'],
  ])('refuses a bad %s: %j', (field, request, message) => {
    const parse = (): unknown => parser.parseRecall(untyped(request));
    expect(parse).toThrow(refusal(field, message));
    expect(parse).toThrow(RecallRequestError);
    expect(() => parser.parseRecall(untyped(request), 4)).toThrow(`Request 4 of the batch: ${message}`);
  });
});

describe('features', () => {
  it.each([[3.5e38], [-3.5e39], [1e300]])('outside float32 once they are standardised are refused: %d', (age) => {
    // scale 10: 3.5e39 comes to 3.5e38
    const parse = (): unknown => parser.parseRecall({ topK: 1, features: [age * 10, 1] });
    expect(parse).toThrow(
      refusal(
        'features',
        `features[0] (age) is ${age * 10}, which is outside the range of float32 once it is standardised; send it in the unit of the training data.`,
      ),
    );
  });

  it('may be as large as float32 holds', () => {
    const { features } = parser.parseRecall({ topK: 1, features: [3.4e39, 1] });
    expect(features?.[0]).toBe(Math.fround(3.4e38));
  });
});

describe('the names of another contract', () => {
  const names = { of: (field: string) => `<${field}>`, ofKind: (field: string, kind: string) => `<${kind} ${field}>` };

  it.each<[unknown, string]>([
    [{ topK: 0 }, '<topK> is 0, but it must be an integer from 1 to 10000.'],
    [
      { topK: 1, userId: 'x' },
      '<string userId> is set, but the user ids of this model are integers; set <integer userId>.',
    ],
    [{ topK: 1, features: [1] }, '<features> has 1 values, but the model takes 2: age, visits.'],
    [{ topK: 1, queryVector: [1] }, "<queryVector> has 1 values, but the model's vectors have 3."],
  ])('stand in the message of %j', (request, message) => {
    let problem: unknown;
    try {
      strict.parseRecall(untyped(request));
    } catch (error) {
      problem = error;
    }
    expect((problem as RecallRequestError).messageIn(names)).toBe(message);
  });
});

describe('a request with a vector', () => {
  const vectorsAlone = new RequestParser(smallCatalogue(), { ...options, strictIds: false, inputs: ['queryVector'] });

  it.each([
    ['an array', [1, 2, 0.1]],
    ['a typed array', Float64Array.of(1, 2, 0.1)],
  ])('takes %s in place of a user', (_, queryVector) => {
    const expected = { userRow: -1, vector: Float32Array.of(1, 2, 0.1), topK: 2 };
    expect(parser.parseRecall({ queryVector, topK: 2 })).toMatchObject(expected);
    expect(vectorsAlone.parseRecall({ queryVector, topK: 2 })).toMatchObject(expected);
  });

  it.each<[string, unknown, string]>([
    ['queryVector', { queryVector: [1, 2] }, "queryVector has 2 values, but the model's vectors have 3."],
    ['queryVector', { queryVector: [] }, "queryVector has 0 values, but the model's vectors have 3."],
    ['queryVector', { queryVector: 'abc' }, 'queryVector must be an array of numbers.'],
    ['queryVector', { queryVector: [1, NaN, 0] }, 'queryVector[1] is NaN, but it must be a finite float32 number.'],
    ['queryVector', { queryVector: [1, 2, 1e39] }, 'queryVector[2] is 1e+39, but it must be a finite float32 number.'],
    [
      'queryVector',
      { queryVector: [0, -0, 0] },
      'queryVector is the zero vector, which has no direction and so no cosine.',
    ],
    [
      'queryVector',
      { queryVector: [1, 2, 3], userId: 101 },
      'queryVector and an integer userId are both set, but a request has one of them.',
    ],
    [
      'queryVector',
      { queryVector: [1, 2, 3], history: [] },
      'queryVector and history are both set, but a request has one of them.',
    ],
  ])('refuses a bad %s: %j', (field, request, message) => {
    const parse = (): unknown => parser.parseRecall(untyped({ topK: 1, ...(request as object) }));
    expect(parse).toThrow(refusal(field, message));
  });

  it('is all that a model without users takes', () => {
    const rest = 'but this model knows no users; set queryVector and leave userId, history and features out.';
    for (const [field, request, problem] of [
      ['userId', { userId: 101 }, 'an integer userId is set'],
      ['history', { history: ['i3'] }, 'history is set'],
      ['features', { features: [1, 2] }, 'features is set'],
      ['queryVector', {}, 'queryVector is not set'],
    ] as const) {
      const parse = (): unknown => vectorsAlone.parseRecall({ topK: 1, ...request });
      expect(parse).toThrow(refusal(field, `${problem}, ${rest}`));
    }
  });

  it('may be zero where the space is not the cosine', () => {
    const vectors = { dim: 3, space: 'l2' } as const;
    const ofL2 = new RequestParser(smallCatalogue(), { ...options, strictIds: false, vectors });
    expect(ofL2.parseRecall({ queryVector: [0, 0, 0], topK: 1 }).vector).toEqual(new Float32Array(3));
  });
});

describe('a request for similar items', () => {
  it('turns ids into rows', () => {
    expect(parser.parseSimilarItems({ itemId: 'i8', topK: 5, excludeItemIds: ['i2', 'gone'] })).toEqual({
      itemRow: 8,
      topK: 5,
      exclude: Int32Array.of(2),
    });
    expect(parser.parseSimilarItems({ itemId: 'gone', topK: 5 }).itemRow).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['itemId', { topK: 1 }, 'itemId must be an integer or a string.'],
    ['topK', { itemId: 'i1', topK: 0 }, 'topK is 0, but it must be an integer from 1 to 10000.'],
    ['efSearch', { itemId: 'i1', topK: 2, efSearch: 0 }, 'efSearch is 0, but it must be an integer from 1 to 2000.'],
    [
      'history',
      { itemId: 'i1', topK: 1, history: [] },
      'There is no field history; a request has itemId, topK, excludeItemIds, efSearch, filter, rules.',
    ],
  ])('refuses a bad %s: %j', (field, request, message) => {
    expect(() => parser.parseSimilarItems(untyped(request))).toThrow(refusal(field, message));
  });
});

describe('strict ids', () => {
  it('pass where they are of the kind of the training data', () => {
    const request = { userId: 101, history: ['i3'], excludeItemIds: ['i4', 'gone'], topK: 1 };
    expect(strict.parseRecall(request)).toEqual(parser.parseRecall(request));
  });

  it.each<[string, RecallRequest, string]>([
    [
      'userId',
      { userId: '101', topK: 1 },
      'a string userId is set, but the user ids of this model are integers; set an integer userId.',
    ],
    [
      'history',
      { history: ['i3', 4], topK: 1 },
      'history of integers is set, but the item ids of this model are strings; set history of strings.',
    ],
    [
      'excludeItemIds',
      { excludeItemIds: [3], topK: 1 },
      'excludeItemIds of integers is set, but the item ids of this model are strings; set excludeItemIds of strings.',
    ],
  ])('refuse another kind in %s', (field, request, message) => {
    expect(() => strict.parseRecall(request)).toThrow(refusal(field, message));
    expect(() => parser.parseRecall(request)).not.toThrow();
    expect(() => strict.parseRecall(request, 2)).toThrow(`Request 2 of the batch: ${message}`);
  });

  it('refuse an item of another kind', () => {
    expect(() => strict.parseSimilarItems({ itemId: 8, topK: 1 })).toThrow(
      refusal('itemId', 'an integer itemId is set, but the item ids of this model are strings; set a string itemId.'),
    );
  });
});
