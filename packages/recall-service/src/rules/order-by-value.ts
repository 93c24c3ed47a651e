const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/**
 * Items from the largest value down, values taken as float32; of equal ones the lower item comes first. Sorted as plain
 * numbers, which takes a fraction of the time of a sort that calls a function.
 *
 * @param items each in [0, 2^21)
 * @param values of the items by their numbers, none NaN
 * @returns the same array
 */
export function orderByValue(items: Int32Array, values: Float64Array): Int32Array {
  if (isOrdered(items, values)) return items;
  const keys = new Float64Array(items.length);
  for (let i = 0; i < keys.length; i++) keys[i] = descendingKey(values[items[i]]) * ITEMS + items[i];
  keys.sort();
  for (let i = 0; i < keys.length; i++) items[i] = keys[i] % ITEMS;
  return items;
}

/** A key and an item fit the 53 bits of a double. */
const ITEMS = 2 ** 21;

/** A whole number of 32 bits that is the smaller, the larger the value is. */
function descendingKey(value: number): number {
  // Both zeros are equal.
  floats[0] = Math.fround(value) + 0;
  const [word] = bits;
  // IEEE 754: values above 0 ascend with their bits, those below descend.
  return word >= 0x8000_0000 ? word : 0x7fff_ffff - word;
}

function isOrdered(items: Int32Array, values: Float64Array): boolean {
  let before = Infinity;
  for (let i = 0; i < items.length; i++) {
    const value = Math.fround(values[items[i]]);
    if (value > before || (value === before && i > 0 && items[i] < items[i - 1])) return false;
    before = value;
  }
  return true;
}
