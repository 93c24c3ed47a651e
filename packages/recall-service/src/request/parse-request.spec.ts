import { RecallRequestError } from '../errors';
import { smallCatalogue } from '../testing/small-world';
import { parseRequest } from './parse-request';

const catalogue = smallCatalogue();
const untyped = (value: unknown): never => value as never;

describe('parseRequest', () => {
  it('turns ids into rows and features into model inputs', () => {
    expect(parseRequest({ userId: 101, history: ['i3', 'gone'], features: [50, 5], topK: 7 }, catalogue)).toEqual({
      userRow: 1,
      history: Int32Array.of(3),
      unknownHistoryItems: 1,
      features: Float32Array.of(1, 0),
      topK: 7,
      excludeSeen: true,
    });
  });

  it.each<[string, unknown, string]>([
    ['topK', { topK: 0 }, 'topK must be an integer from 1 to 10000.'],
    ['topK', { topK: 10_001 }, 'topK must be an integer from 1 to 10000.'],
    ['topK', { topK: 2.5 }, 'topK must be an integer from 1 to 10000.'],
    ['topK', {}, 'topK must be an integer from 1 to 10000.'],
    ['userId', { topK: 1, userId: {} }, 'userId must be an integer or a string.'],
    ['history', { topK: 1, history: 'i1' }, 'history must be an array of item ids, integers or strings.'],
    ['history', { topK: 1, history: [null] }, 'history must be an array of item ids, integers or strings.'],
    ['excludeSeen', { topK: 1, excludeSeen: 1 }, 'excludeSeen must be true or false.'],
    ['features', { topK: 1, features: 3 }, 'features must be an array of numbers.'],
    ['features', { topK: 1, features: [1] }, 'features has 1 values, but the model takes 2: age, visits.'],
    ['features', { topK: 1, features: [1, NaN] }, 'The feature visits must be a finite number.'],
    ['features', { topK: 1, features: ['1', 2] }, 'The feature age must be a finite number.'],
    [
      'topk',
      { topK: 1, topk: 1 },
      'There is no field topk; a request has userId, features, history, topK, excludeSeen.',
    ],
    ['request', 5, 'request must be an object.'],
  ])('refuses a bad %s: %j', (field, request, message) => {
    const parse = (): unknown => parseRequest(untyped(request), catalogue);
    expect(parse).toThrow(new RecallRequestError(field, message));
    expect(parse).toThrow(RecallRequestError);
    expect(() => parseRequest(untyped(request), catalogue, 4)).toThrow(`Request 4 of the batch: ${message}`);
  });
});
