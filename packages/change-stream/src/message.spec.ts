import type { NewChange } from '@vector-recall/live-index';
import { packMessages, unpackMessage } from './message';

const changes: NewChange[] = [
  { kind: 'upsert-item', changeId: 'a/0', item: { id: 7, vector: Float32Array.of(0.1, -2), name: 'two\nlines' } },
  { kind: 'delete-item', id: 'x'.repeat(60) },
  { kind: 'append-events', userId: 1, events: [{ itemId: 7, at: 5 }] },
];

it('gives changes back as they were, in one message or in several', () => {
  for (const [maxBytes, count] of [
    [10_000, 1],
    [200, 2],
    [150, 3],
  ]) {
    const messages = packMessages(changes, maxBytes);
    expect(messages).toHaveLength(count);
    expect(messages.every(({ length }) => length <= maxBytes)).toBe(true);
    expect(messages.flatMap((bytes) => unpackMessage(bytes))).toMatchObject(changes);
  }
});

it('refuses a change that fits in no message', () => {
  expect(() => packMessages(changes, 100)).toThrow(
    /^A change takes \d+ bytes, but the brokers take 100 in one message;/,
  );
});

it.each(['', 'hello\n', '{"kind":"applied","changeIds":[]}\n', '{"kind":"delete-item","seq":1,"id":1}'])(
  'finds no changes in %j',
  (text) => {
    expect(unpackMessage(Buffer.from(text))).toBeUndefined();
  },
);
