import { mapYielding } from './yielding';

/** Keeps the event loop busy. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it('gives the results in the order of the values', async () => {
  expect(await mapYielding(['a', 'b', 'c'], (value, index) => `${value}${index}`)).toEqual(['a0', 'b1', 'c2']);
  expect(await mapYielding([], () => 1)).toEqual([]);
});

it('lets the event loop go on between values that take a while', async () => {
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  const seen = await mapYielding(Array(10).fill(0), () => {
    work(3);
    return turns;
  });
  clearInterval(other);
  expect(new Set(seen).size).toBeGreaterThan(1);
});

it('does not wait where they take no time', async () => {
  let turned = false;
  setImmediate(() => (turned = true));
  await mapYielding([1, 2], (value) => value);
  expect(turned).toBe(false);
});

it('ends with what a value throws', async () => {
  const mapping = mapYielding([1, 2], (value) => {
    throw new Error(`value ${value}`);
  });
  await expect(mapping).rejects.toThrow('value 1');
});
