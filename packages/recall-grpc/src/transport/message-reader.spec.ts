import { status } from '@grpc/grpc-js';
import * as fc from 'fast-check';
import { MessageReader } from './message-reader';

function frameOf(content: Uint8Array, flag = 0): Buffer {
  const frame = Buffer.alloc(5 + content.length);
  frame[0] = flag;
  frame.writeUInt32BE(content.length, 1);
  frame.set(content, 5);
  return frame;
}

it('puts a message together from any pieces', () => {
  const content = fc.uint8Array({ maxLength: 50 });
  const cuts = fc.array(fc.nat({ max: 55 }), { maxLength: 8 });
  fc.assert(
    fc.property(content, cuts, fc.integer({ min: 0, max: 1 }), (bytes, places, flag) => {
      const reader = new MessageReader(50);
      const frame = frameOf(bytes, flag);
      const ends = [...places.map((place) => Math.min(place, frame.length)), frame.length].sort((a, b) => a - b);
      let from = 0;
      for (const end of ends) {
        expect(reader.add(frame.subarray(from, end))).toBeUndefined();
        from = end;
      }
      expect([reader.isComplete, reader.announcedBytes]).toEqual([true, bytes.length]);
      expect(reader.finish()).toEqual({ bytes: Buffer.from(bytes), isCompressed: flag === 1 });
    }),
  );
});

it('refuses a message that is too large by its prefix alone', () => {
  const reader = new MessageReader(10);
  expect(reader.add(frameOf(Buffer.alloc(11)).subarray(0, 4))).toBeUndefined();
  expect(reader.add(Buffer.from([11]))).toEqual({
    code: status.RESOURCE_EXHAUSTED,
    details: 'The request has 11 bytes, but this method takes at most 10.',
  });
});

it('refuses a second message', () => {
  const reader = new MessageReader(10);
  const two = Buffer.concat([frameOf(Buffer.alloc(3)), frameOf(Buffer.alloc(0))]);
  expect(reader.add(two)).toMatchObject({ code: status.UNIMPLEMENTED });
});

it.each([
  ['nothing', Buffer.alloc(0), status.UNIMPLEMENTED],
  ['half a prefix', Buffer.from([0, 0]), status.INVALID_ARGUMENT],
  ['half a message', frameOf(Buffer.alloc(9)).subarray(0, 8), status.INVALID_ARGUMENT],
  ['an unknown flag', frameOf(Buffer.alloc(1), 2), status.INVALID_ARGUMENT],
])('refuses %s', (_, bytes, code) => {
  const reader = new MessageReader(10);
  reader.add(bytes);
  expect(reader.finish()).toMatchObject({ code });
});
