import { connect, constants, type ClientHttp2Session } from 'node:http2';
import * as fc from 'fast-check';
import { BatchRecallRequest, Filter, RecallRequest, Rules, SimilarItemsRequest } from '../gen/recall/v1/recall';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';
import type { RecallServer } from './recall-server';

/** Together ten thousand requests. */
const RUNS = 200;
const REQUESTS_AT_ONCE = 50;

/** OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED: never INTERNAL, whatever comes. */
const contractStatuses = [0, 3, 5, 8, 12];

let world: World;
let models: TestModels;
let server: RecallServer;
let session: ClientHttp2Session;
const servers = new Servers();

beforeAll(async () => {
  const limits = { maxTopK: 100, maxEfSearch: 200 };
  world = await makeWorld(limits);
  models = new TestModels(world.service);
  server = await servers.start(models, { config: { ...limits, maxBatch: 8 } });
  session = connect(`http://127.0.0.1:${server.ports.recall}`);
});

afterAll(async () => {
  session.close();
  await servers.stop();
  await world.remove();
});

const ids = fc.option(
  fc.record({
    integerIds: fc.array(fc.maxSafeInteger(), { maxLength: 3 }),
    stringIds: fc.array(fc.oneof(fc.constantFrom('i1', 'i2', 'i59'), fc.string({ unit: 'grapheme' })), {
      maxLength: 5,
    }),
  }),
  { nil: undefined },
);
const size = fc.oneof(fc.integer({ min: 0, max: 110 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const filter = fc.option(
  fc.oneof(
    fc.constantFrom('price', 'brand', 'gone').map((attribute) => Filter.fromPartial({ range: { attribute, max: 9 } })),
    fc.array(fc.string()).map((values) => Filter.fromPartial({ labels: { attribute: 'brand', values } })),
    fc.integer({ min: 0, max: 40 }).map((depth) => {
      let nested = Filter.fromPartial({ ids: { stringIds: ['i1'] } });
      for (let i = 0; i < depth; i++) nested = Filter.fromPartial({ not: nested });
      return nested;
    }),
    fc.constant(Filter.fromPartial({})),
  ),
  { nil: undefined },
);
const rules = fc.option(
  fc
    .record({
      pool: size,
      caps: fc.array(fc.record({ attribute: fc.constantFrom('brand', 'price', 'gone'), most: size }), {
        maxLength: 10,
      }),
      diversity: fc.option(fc.record({ lambda: fc.double() }), { nil: undefined }),
      decays: fc.array(fc.record({ attribute: fc.constantFrom('price', 'gone'), halfLife: fc.double() }), {
        maxLength: 2,
      }),
      boosts: fc.array(fc.record({ attribute: fc.constantFrom('price', 'brand'), weight: fc.double() }), {
        maxLength: 2,
      }),
      promoted: fc.option(fc.record({ itemIds: ids, quota: size }), { nil: undefined }),
    })
    .map((message) => Rules.fromPartial(message)),
  { nil: undefined, freq: 2 },
);
const recall: fc.Arbitrary<RecallRequest> = fc.record({
  integerUserId: fc.option(fc.oneof(fc.integer({ min: 95, max: 115 }), fc.maxSafeInteger()), { nil: undefined }),
  stringUserId: fc.option(fc.string(), { nil: undefined, freq: 9 }),
  features: fc.oneof(fc.constant<number[]>([]), fc.array(fc.float(), { maxLength: 3 })),
  history: ids,
  topK: size,
  excludeItemIds: ids,
  excludeSeen: fc.boolean(),
  efSearch: fc.oneof(fc.constant(0), size),
  queryVector: fc.oneof(
    { weight: 3, arbitrary: fc.constant<number[]>([]) },
    fc.array(fc.float(), { minLength: 7, maxLength: 9 }),
  ),
  filter,
  rules,
  historyTypes: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, fc.array(fc.string(), { maxLength: 6 })),
  historyWeights: fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, fc.array(fc.float(), { maxLength: 6 })),
  negativeItemIds: ids,
  shown: fc.option(fc.record({ itemIds: ids, withinSeconds: size }), { nil: undefined, freq: 3 }),
  context: fc.dictionary(
    fc.oneof({ weight: 9, arbitrary: fc.constant('device') }, fc.string()).filter((name) => name !== '__proto__'),
    fc.oneof(fc.constantFrom('phone', 'desktop'), fc.string()),
    { maxKeys: 2, noNullPrototype: true },
  ),
  versionLabel: fc.constantFrom('', 'canary', 'x'),
});
const similar: fc.Arbitrary<SimilarItemsRequest> = fc.record({
  integerItemId: fc.option(fc.maxSafeInteger(), { nil: undefined, freq: 9 }),
  stringItemId: fc.option(fc.oneof(fc.constantFrom('i1', 'i7'), fc.string({ unit: 'grapheme' })), { nil: undefined }),
  topK: size,
  excludeItemIds: ids,
  efSearch: fc.constant(0),
  filter,
  rules,
  versionLabel: fc.constantFrom('', 'canary', 'x'),
});
const bytes = fc.uint8Array({ maxLength: 40 });

/** Messages, right ones and random bytes. */
const message: fc.Arbitrary<readonly [method: string, content: Uint8Array]> = fc.oneof(
  recall.map((value) => ['Recall', RecallRequest.encode(value).finish()] as const),
  fc
    .array(recall, { maxLength: 10 })
    .map((requests) => ['BatchRecall', BatchRecallRequest.encode({ requests }).finish()] as const),
  similar.map((value) => ['SimilarItems', SimilarItemsRequest.encode(value).finish()] as const),
  fc.tuple(fc.constantFrom('Recall', 'BatchRecall', 'SimilarItems', 'GetModelInfo', 'Nothing'), bytes),
);

/** What happens to the bytes on their way: mostly nothing, or something to a byte, to the end, or to the frame's head. */
const harm = fc.oneof(
  { weight: 2, arbitrary: fc.constant((frame: Buffer) => frame) },
  fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })).map(([place, value]) => (frame: Buffer) => {
    frame[5 + (place % Math.max(1, frame.length - 5))] = value;
    return frame;
  }),
  fc.nat().map((place) => (frame: Buffer) => frame.subarray(0, place % (frame.length + 1))),
  fc.tuple(fc.nat({ max: 4 }), fc.integer({ min: 0, max: 255 })).map(([place, value]) => (frame: Buffer) => {
    frame[place] = value;
    return frame;
  }),
  bytes.map((tail) => (frame: Buffer) => Buffer.concat([frame, tail])),
  // Says that it is compressed, which it is not: by chance alone that comes too rarely to be counted on.
  fc.constant((frame: Buffer) => {
    frame[0] = 1;
    return frame;
  }),
);

const encoding = fc.constantFrom('identity', 'identity', 'identity', 'gzip', 'deflate', 'br');

function frameOf(content: Uint8Array): Buffer {
  const frame = Buffer.alloc(5 + content.length);
  frame.writeUInt32BE(content.length, 1);
  frame.set(content, 5);
  return frame;
}

/** The status that a call ends with, wherever it stands. */
function statusOf(method: string, frame: Buffer, grpcEncoding: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: `/recall.v1.RecallService/${method}`,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      te: 'trailers',
      'grpc-encoding': grpcEncoding,
    });
    let status: unknown;
    const read = (headers: Readonly<Record<string, unknown>>): void => {
      status = headers['grpc-status'] ?? status;
    };
    stream.on('response', read);
    stream.on('trailers', read);
    stream.on('error', reject);
    stream.on('close', () => {
      resolve(Number(status));
    });
    stream.resume();
    stream.end(frame);
  });
}

it('ten thousand random and mutated requests: each ends with a status of the contract, and nothing is left under way', async () => {
  const seen = new Map<number, number>();
  const one = fc.tuple(message, harm, encoding);
  const many = fc.array(one, { minLength: REQUESTS_AT_ONCE, maxLength: REQUESTS_AT_ONCE, size: 'max' });
  await fc.assert(
    fc.asyncProperty(many, async (requests) => {
      const statuses = await Promise.all(
        requests.map(([[method, content], spoil, grpcEncoding]) =>
          statusOf(method, spoil(frameOf(content)), grpcEncoding),
        ),
      );
      for (const status of statuses) {
        expect(contractStatuses).toContain(status);
        seen.set(status, (seen.get(status) ?? 0) + 1);
      }
      expect(models.leases).toBe(0);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect([...seen.values()].reduce((sum, count) => sum + count)).toBe(RUNS * REQUESTS_AT_ONCE);
  for (const status of contractStatuses) expect(seen.get(status)).toBeGreaterThan(0);
  expect(await server.registry.metrics()).toContain('vector_recall_in_flight_users 0\n');
});
