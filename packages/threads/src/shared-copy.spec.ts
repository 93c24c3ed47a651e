import { types } from 'node:util';
import { sharedCopy } from './shared-copy';

it('copies plain data, and its typed arrays into shared memory', () => {
  const data = {
    half: Float32Array.of(1, 2, 3, 4).subarray(2),
    list: [{ bytes: Uint8Array.of(7) }, { bytes: Uint8Array.of(8) }],
    map: new Map([['rows', { values: Int32Array.of(5, 6) }]]),
    doubles: Float64Array.of(0.1),
    labels: ['a', 'b'],
    nothing: null,
    missing: undefined,
    count: 3,
  };
  const copy = sharedCopy(data);
  expect(copy).toEqual(data);
  const arrays = [copy.half, copy.doubles, copy.list[1].bytes, copy.map.get('rows')?.values];
  expect(arrays.map((array) => types.isSharedArrayBuffer(array?.buffer))).toEqual([true, true, true, true]);
  expect(copy.half.buffer.byteLength).toBe(8);
});

it('refuses an array of a kind that nobody has needed', () => {
  expect(() => sharedCopy({ small: new Int8Array(1) })).toThrow(
    'There is no shared copy of a [object Int8Array]; add it here.',
  );
});
