import { readdirSync } from 'node:fs';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { BatchRecallRequest, RecallRequest, SimilarItemsRequest } from '../gen/recall/v1/recall';
import { makeWorld, Servers, TestModels, type World } from '../testing/test-server';
import type { RecallServer } from './recall-server';

/** Together ten thousand requests. */
const RUNS = 200;
const REQUESTS_AT_ONCE = 50;

let world: World;
let models: TestModels;
let server: RecallServer;
let session: ClientHttp2Session;
const servers = new Servers();

beforeAll(async () => {
  world = await makeWorld();
  models = new TestModels(world.service);
  server = await servers.start(models, { config: { maxTopK: 100, maxBatch: 8, maxEfSearch: 200 } });
  session = connect(`http://127.0.0.1:${server.ports.recall}`);
}, 60_000);

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
});
const similar: fc.Arbitrary<SimilarItemsRequest> = fc.record({
  integerItemId: fc.option(fc.maxSafeInteger(), { nil: undefined, freq: 9 }),
  stringItemId: fc.option(fc.oneof(fc.constantFrom('i1', 'i7'), fc.string({ unit: 'grapheme' })), { nil: undefined }),
  topK: size,
  excludeItemIds: ids,
  efSearch: fc.constant(0),
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

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** Files and sockets that this process has open; none are counted where the system does not tell. */
function openHandles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

it('ten thousand random and mutated requests: each ends with a status, nothing leaks', async () => {
  const seen = new Map<number, number>();
  const heap: number[] = [];
  const handles: number[] = [];
  let run = 0;
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
        expect(status).toBeGreaterThanOrEqual(0);
        expect(status).toBeLessThanOrEqual(16);
        seen.set(status, (seen.get(status) ?? 0) + 1);
      }
      expect(models.leases).toBe(0);
      if (++run % (RUNS / 5) === 0) {
        heap.push(heapAfterCollection());
        handles.push(openHandles());
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect([...seen.values()].reduce((sum, count) => sum + count)).toBe(RUNS * REQUESTS_AT_ONCE);
  // OK, INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL (grpc-js, for what does not unpack).
  for (const status of [0, 3, 5, 8, 12, 13]) expect(seen.get(status)).toBeGreaterThan(0);
  expect(await server.registry.metrics()).toContain('vector_recall_in_flight_users 0\n');
  // 8,000 requests after the first 2,000 left less than half a kilobyte each behind.
  expect(heap[4] - heap[0]).toBeLessThan(4_000_000);
  // All of them came over one connection; one handle left by each hundredth request would show.
  expect(handles[4]).toBeLessThan(handles[0] + 10);
}, 60_000);
