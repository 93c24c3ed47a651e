import { buffersOf } from './buffers-of';

it('finds the buffers of plain data, each once', () => {
  const values = new Float32Array(4);
  const bytes = Uint8Array.of(1);
  const data = {
    whole: values,
    half: values.subarray(2),
    nested: { list: [{ bytes }], labels: ['a', 'b'], nothing: null, missing: undefined, count: 3 },
  };
  expect(buffersOf(data)).toEqual([values.buffer, bytes.buffer]);
  expect(buffersOf('text')).toEqual([]);
});

it('leaves shared buffers out', () => {
  expect(buffersOf({ shared: new Int32Array(new SharedArrayBuffer(8)) })).toEqual([]);
});
