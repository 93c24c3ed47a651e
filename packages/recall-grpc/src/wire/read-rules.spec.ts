import type { Rules } from '@vector-recall/recall-service';
import * as fc from 'fast-check';
import { rulesMessage } from '../client/rules-message';
import { WireRequestError } from '../errors';
import { RecallRequest, SimilarItemsRequest } from '../gen/recall/v1/recall';
import { readRecallRequest, readSimilarItemsRequest } from './read-requests';

const limits = { maxIds: 50 };
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const number = fc.double({ noNaN: true }).map((value) => value + 0);
const rules: fc.Arbitrary<Rules> = fc.record({
  pool: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { nil: undefined }),
  caps: fc.array(fc.record({ attribute: fc.string(), most: uint32 }), { maxLength: 8 }),
  diversity: fc.option(fc.record({ lambda: number }), { nil: undefined }),
  decays: fc.array(fc.record({ attribute: fc.string(), halfLife: number }), { maxLength: 8 }),
  boosts: fc.array(fc.record({ attribute: fc.string(), weight: number }), { maxLength: 8 }),
  promoted: fc.option(
    fc.record({ itemIds: fc.oneof(fc.array(fc.maxSafeInteger()), fc.array(fc.string())), quota: uint32 }),
    { nil: undefined },
  ),
});
const read = (given: Rules): Rules | undefined => {
  const message = RecallRequest.fromPartial({ topK: 1, rules: rulesMessage(given) });
  return readRecallRequest(Buffer.from(RecallRequest.encode(message).finish()), limits).rules;
};

it('are what the client sent, for users and for similar items', () => {
  fc.assert(
    fc.property(rules, (given) => {
      expect(read(given)).toEqual(given);
      const message = SimilarItemsRequest.fromPartial({ stringItemId: 'a', rules: rulesMessage(given) });
      const bytes = Buffer.from(SimilarItemsRequest.encode(message).finish());
      expect(readSimilarItemsRequest(bytes, limits).rules).toEqual(given);
    }),
  );
});

it('are absent where the request has none, and empty where it has an empty message', () => {
  expect(readRecallRequest(Buffer.from([0x28, 1]), limits).rules).toBeUndefined();
  expect(read({})).toEqual({ caps: [], decays: [], boosts: [] });
});

it('may not have lists without end, nor more ids than the server allows', () => {
  const cap = { attribute: 'brand', most: 1 };
  expect(() => read({ caps: new Array<typeof cap>(9).fill(cap) })).toThrow(
    new WireRequestError('rules', 'rules.caps has more than 8 entries; send fewer.'),
  );
  const itemIds = Array.from({ length: 51 }, (_, i) => i);
  expect(() => read({ promoted: { itemIds, quota: 1 } })).toThrow(
    "with rules, the request has more than 50 ids; send fewer, or raise the server's max-ids.",
  );
});
