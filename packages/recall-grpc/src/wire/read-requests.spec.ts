import * as fc from 'fast-check';
import { parseFilter, printFilter, type Filter } from '@vector-recall/item-catalogue';
import { filterMessage } from '../client/filter-message';
import { WireRequestError } from '../errors';
import { BatchRecallRequest, IdList, RecallRequest, SimilarItemsRequest } from '../gen/recall/v1/recall';
import { ProtoReader } from './proto-reader';
import { readRecallRequest, readSimilarItemsRequest, splitBatch } from './read-requests';

const limits = { maxIds: 50, maxBatch: 4 };
const bytesOf = (message: { finish(): Uint8Array }): Buffer => Buffer.from(message.finish());

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const float = fc.float({ noNaN: true });
const ids = fc.option(
  fc.oneof(
    fc.record({ integerIds: fc.array(fc.maxSafeInteger()), stringIds: fc.constant<string[]>([]) }),
    fc.record({ integerIds: fc.constant<number[]>([]), stringIds: fc.array(fc.string({ unit: 'grapheme' })) }),
  ),
  { nil: undefined },
);
const user = fc.oneof(
  fc.record({ integerUserId: fc.maxSafeInteger() }),
  fc.record({ stringUserId: fc.string({ unit: 'grapheme' }) }),
  fc.constant({}),
);
const request = fc
  .record({
    features: fc.array(float),
    history: ids,
    topK: uint32,
    excludeItemIds: ids,
    excludeSeen: fc.option(fc.boolean(), { nil: undefined }),
    efSearch: uint32,
    queryVector: fc.array(float),
    context: fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.string(),
      { noNullPrototype: true },
    ),
  })
  .chain((rest) => user.map((whose) => RecallRequest.fromPartial({ ...whose, ...rest })));

function listOf(list: IdList | undefined): readonly (number | string)[] | undefined {
  return list && [...list.integerIds, ...list.stringIds];
}

function errorOf(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a filter from its bytes', () => {
  const read = (filter: string | Filter): Filter | undefined => {
    const message = RecallRequest.fromPartial({ topK: 1, filter: filterMessage(filter) });
    const { filter: found } = readRecallRequest(bytesOf(RecallRequest.encode(message)), limits);
    return typeof found === 'string' ? undefined : found;
  };

  it.each([
    'brand in ("x", "y") and price < 50 or not tags has all ("a", "b")',
    'brand not in ("x") and price in [-1.5, 1e300) and age(added) in (1s, 2d]',
    'id in (1, 2) or id in ("a") or price >= 0',
  ])('is what the client sent: %s', (text) => {
    const found = read(text);
    expect(found && printFilter(found)).toBe(printFilter(parseFilter(text)));
  });

  it('may not be empty, too deep or too long', () => {
    const empty = RecallRequest.fromPartial({ filter: {} });
    expect(errorOf(() => readRecallRequest(bytesOf(RecallRequest.encode(empty)), limits))).toEqual(
      new WireRequestError('filter', 'filter, or a part of it, is empty; set one of its fields, or leave it out.'),
    );
    let deep: Filter = { kind: 'ids', ids: [1] };
    for (let i = 0; i < 8; i++) deep = { kind: 'not', filter: deep };
    expect(errorOf(() => read(deep))).toEqual(
      new WireRequestError('filter', 'filter is nested more than 8 deep; use fewer levels.'),
    );
    const wide: Filter = { kind: 'anyOf', filters: Array.from({ length: 257 }, () => ({ kind: 'ids', ids: [1] })) };
    expect(errorOf(() => read(wide))).toBeInstanceOf(WireRequestError);
    expect(errorOf(() => read({ kind: 'ids', ids: Array.from({ length: 51 }, (_, i) => i) }))).toMatchObject({
      field: 'filter',
      message: "with filter, the request has more than 50 ids; send fewer, or raise the server's max-ids.",
    });
  });
});

describe('a request from its bytes', () => {
  it('is what the generated code reads', () => {
    fc.assert(
      fc.property(request, (message) => {
        const read = readRecallRequest(bytesOf(RecallRequest.encode(message)), { maxIds: 1000 });
        const { features, queryVector, ...rest } = read;
        const expected = {
          userId: message.integerUserId ?? message.stringUserId,
          history: listOf(message.history),
          topK: message.topK,
          excludeItemIds: listOf(message.excludeItemIds),
          excludeSeen: message.excludeSeen,
          efSearch: message.efSearch === 0 ? undefined : message.efSearch,
          // A map without entries is not set.
          context: Object.keys(message.context).length === 0 ? undefined : message.context,
        };
        expect(rest).toEqual(expected);
        // A list without values is not set.
        expect([...Array.from(features ?? []), ...Array.from(queryVector ?? [])]).toEqual([
          ...message.features,
          ...message.queryVector,
        ]);
        expect([features === undefined, queryVector === undefined]).toEqual([
          message.features.length === 0,
          message.queryVector.length === 0,
        ]);
      }),
    );
  });

  it('for similar items is too', () => {
    const messages = fc.record({
      item: fc.oneof(fc.record({ integerItemId: fc.maxSafeInteger() }), fc.record({ stringItemId: fc.string() })),
      topK: uint32,
      excludeItemIds: ids,
      efSearch: uint32,
    });
    fc.assert(
      fc.property(messages, ({ item, ...rest }) => {
        const message = SimilarItemsRequest.fromPartial({ ...item, ...rest });
        expect(readSimilarItemsRequest(bytesOf(SimilarItemsRequest.encode(message)), { maxIds: 1000 })).toEqual({
          itemId: message.integerItemId ?? message.stringItemId,
          topK: message.topK,
          excludeItemIds: listOf(message.excludeItemIds),
          efSearch: message.efSearch === 0 ? undefined : message.efSearch,
        });
      }),
    );
  });

  it('may have lists that are not packed, or come in pieces', () => {
    // features = 1, [2, 3]; history = { 7, [8, 9] }, { 10 }
    const floats = [0x1d, 0, 0, 0x80, 0x3f, 0x1a, 8, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40];
    const history = [0x22, 6, 0x08, 7, 0x0a, 2, 8, 9, 0x22, 2, 0x08, 10];
    const read = readRecallRequest(Buffer.from([...floats, ...history]), limits);
    expect([Array.from(read.features ?? []), read.history]).toEqual([
      [1, 2, 3],
      [7, 8, 9, 10],
    ]);
  });

  it('may have fields of the future, of every wire type', () => {
    // Field 30, whose tags take two bytes.
    const numbers = [0xf0, 0x01, 0xff, 0x01, 0xf1, 0x01, 1, 2, 3, 4, 5, 6, 7, 8];
    const future = [...numbers, 0xf2, 0x01, 2, 1, 2, 0xf5, 0x01, 1, 2, 3, 4];
    const group = [0xf3, 0x01, 0x78, 1, 0x83, 0x01, 0x84, 0x01, 0xf4, 0x01];
    expect(readRecallRequest(Buffer.from([...future, ...group, 0x28, 5]), limits).topK).toBe(5);
  });

  it('is read or refused as malformed, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const error = errorOf(() => readRecallRequest(Buffer.from(bytes), limits));
        if (error !== undefined) expect(error).toBeInstanceOf(WireRequestError);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['an unfinished varint', [0x08, 0x80]],
    ['a varint of eleven bytes', [0x08, ...Array<number>(10).fill(0x80), 0]],
    ['a length beyond the end', [0x12, 5, 1]],
    ['a length of 4 GB', [0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a field 0', [0x00, 0]],
    ['a wire type that there is not', [0x0e]],
    ['the end of a group that did not begin', [0x7c]],
    ['a group without an end', [0x7b]],
    ['groups in groups', Array<number>(200).fill(0x7b)],
    ['half a float', [0x1a, 3, 0, 0, 0]],
    ['half an id', [0x22, 3, 0x0a, 1, 0x80]],
  ])('is malformed with %s', (_, bytes) => {
    expect(errorOf(() => readRecallRequest(Buffer.from(bytes), limits))).toEqual(
      new WireRequestError('RecallRequest', 'The recall.v1.RecallRequest is not a valid protobuf message.'),
    );
  });
});

describe('ids', () => {
  it.each([
    [[0x00], 0],
    [[0x7f], 127],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], Number.MAX_SAFE_INTEGER],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], -1],
    [[0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0xf0, 0xff, 0x01], Number.MIN_SAFE_INTEGER],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 2 ** 63],
    [[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], -(2 ** 63)],
  ])('%j is %d', (bytes, value) => {
    expect(new ProtoReader(Buffer.from(bytes)).int64()).toBe(value);
  });

  it('beyond 2^53 never become one that a catalogue may hold', () => {
    const large = fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(large, fc.boolean(), (magnitude, isNegative) => {
        const bytes: number[] = [];
        let rest = BigInt.asUintN(64, isNegative ? -magnitude : magnitude);
        for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
        bytes.push(Number(rest));
        expect(Number.isSafeInteger(new ProtoReader(Buffer.from(bytes)).int64())).toBe(false);
      }),
    );
  });

  const tooMany = new WireRequestError(
    'history',
    "with history, the request has more than 50 ids; send fewer, or raise the server's max-ids.",
  );

  it.each([
    ['packed', [0x22, 53, 0x0a, 51, ...Array<number>(51).fill(5)]],
    ['one by one', [0x22, 102, ...Array<number[]>(51).fill([0x08, 5]).flat()]],
    ['as empty strings', [0x22, 102, ...Array<number[]>(51).fill([0x12, 0]).flat()]],
    ['in many lists', Array<number[]>(51).fill([0x22, 2, 0x08, 5]).flat()],
  ])('are refused where there are too many, %s', (_, bytes) => {
    expect(errorOf(() => readRecallRequest(Buffer.from(bytes), limits))).toEqual(tooMany);
  });

  it('are counted before any is built', () => {
    const count = 5_000_000;
    const list = bytesOf(IdList.encode({ integerIds: [], stringIds: [] }));
    const head = Buffer.from([0x0a, 0xc0, 0x96, 0xb1, 0x02]);
    const history = Buffer.concat([list, head, Buffer.alloc(count, 1)]);
    const length = Buffer.from([0x22, 0xc5, 0x96, 0xb1, 0x02]);
    const push = jest.spyOn(Array.prototype, 'push');
    const error = errorOf(() => readRecallRequest(Buffer.concat([length, history]), limits));
    const pushed = push.mock.calls.length;
    push.mockRestore();
    expect([error, pushed]).toEqual([tooMany, 0]);
  });
});

describe('context', () => {
  const entry = (...bytes: number[]): number[] => [0x5a, bytes.length, ...bytes];

  it('may lack a name or a label, and the last label of a name counts', () => {
    // { a: '' }, { '': b }, { a: c }
    const bytes = [...entry(0x0a, 1, 97), ...entry(0x12, 1, 98), ...entry(0x0a, 1, 97, 0x12, 1, 99)];
    expect(readRecallRequest(Buffer.from(bytes), limits).context).toEqual({ a: 'c', '': 'b' });
  });

  it('may name __proto__, which is a name like any other', () => {
    const name = [...Buffer.from('__proto__')];
    const { context = {} } = readRecallRequest(Buffer.from(entry(0x0a, name.length, ...name, 0x12, 1, 98)), limits);
    expect([Object.keys(context), Object.getPrototypeOf(context)]).toEqual([['__proto__'], Object.prototype]);
  });

  it('has at most 64 parts', () => {
    const parts = (count: number) => Array.from({ length: count }, (_, i) => entry(0x0a, 1, i)).flat();
    expect(Object.keys(readRecallRequest(Buffer.from(parts(64)), limits).context ?? {})).toHaveLength(64);
    expect(errorOf(() => readRecallRequest(Buffer.from(parts(65)), limits))).toEqual(
      new WireRequestError('context', 'context has more than 64 parts; send those that the model reads.'),
    );
  });
});

describe('a batch', () => {
  it('is split into its entries, which are not read yet', () => {
    const requests = [{ topK: 3 }, {}, { stringUserId: 'x', topK: 9 }].map((entry) => RecallRequest.fromPartial(entry));
    const entries = splitBatch(bytesOf(BatchRecallRequest.encode({ requests })), limits);
    expect(entries.map((entry) => readRecallRequest(entry, limits).topK)).toEqual([3, 0, 9]);
    expect(splitBatch(Buffer.from([0x0a, 1, 0x08]), limits)).toEqual([Buffer.from([0x08])]);
  });

  it('is looked at no further than the first entry too many', () => {
    // The sixth entry is malformed, but nobody looks at it.
    const bytes = Buffer.from([...Array<number[]>(5).fill([0x0a, 0]).flat(), 0x0a, 9]);
    expect(errorOf(() => splitBatch(bytes, limits))).toEqual(
      new WireRequestError('requests', 'requests has more than 4 entries, but it must have from 1 to 4.'),
    );
  });

  it('has at least one entry', () => {
    expect(errorOf(() => splitBatch(Buffer.alloc(0), limits))).toEqual(
      new WireRequestError('requests', 'requests has no entries, but it must have from 1 to 4.'),
    );
  });
});
