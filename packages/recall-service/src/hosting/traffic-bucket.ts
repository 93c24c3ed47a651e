const OFFSET = { high: 0xcbf29ce4, low: 0x84222325 };

/** The prime of 64-bit FNV is 2^40 + 0x1b3. */
const PRIME_LOW = 0x1b3;

/** Into how many buckets users fall. */
export const BUCKETS = 10_000;

const text = new TextEncoder();

/**
 * The bucket of a user: the 64-bit FNV-1a hash of the id's text in UTF-8, modulo 10,000. Everyone who counts in the same
 * way finds the same users: the hash is part of the contract.
 * @returns in [0, 10,000)
 */
export function bucketOf(userId: number | string): number {
  let { high, low } = OFFSET;
  for (const byte of text.encode(String(userId))) {
    const mixed = (low ^ byte) >>> 0;
    // Below 2^41, so that a double holds it.
    const product = mixed * PRIME_LOW;
    low = product >>> 0;
    const carry = Math.floor(product / 2 ** 32);
    // A shift by 40 brings the low half into the high one by 8.
    high = (Math.imul(high, PRIME_LOW) + carry + (mixed << 8)) >>> 0;
  }
  return ((high % BUCKETS) * (2 ** 32 % BUCKETS) + low) % BUCKETS;
}
