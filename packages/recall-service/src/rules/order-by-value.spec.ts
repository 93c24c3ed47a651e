import * as fc from 'fast-check';
import { orderByValue } from './order-by-value';

it('orders as a stable sort does, by values as float32', () => {
  const value = fc.oneof(
    fc.float({ noNaN: true }),
    fc.double({ noNaN: true }),
    fc.constantFrom(0, -0, 1, -1, 1e30, -1e30),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (values) => {
      const items = Int32Array.from(values, (_, item) => item);
      const expected = [...items].sort((a, b) => {
        const [of, other] = [Math.fround(values[a]), Math.fround(values[b])];
        return of === other ? a - b : other > of ? 1 : -1;
      });
      expect([...orderByValue(items.reverse(), Float64Array.from(values))]).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
