import { bucketOf } from './traffic-bucket';

/** As the definition of FNV-1a has it. */
function reference(id: string): number {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(id)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return Number(hash % 10_000n);
}

it.each(['', 'a', 'foobar', '42', 'user-7', 'ünïcode 😀', 'x'.repeat(300)])('hashes %j as 64-bit FNV-1a', (id) => {
  expect(bucketOf(id)).toBe(reference(id));
});

it('takes an integer as its digits', () => {
  expect(bucketOf(42)).toBe(bucketOf('42'));
});

it('spreads users evenly', () => {
  const canary = Array.from({ length: 20_000 }, (_, user) => bucketOf(user)).filter((bucket) => bucket < 500).length;
  // 1,000 expected; five standard deviations are 154.
  expect(Math.abs(canary - 1000)).toBeLessThan(154);
});
