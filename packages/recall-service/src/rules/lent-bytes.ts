/** Of those that wait to be used again. */
const MOST_KEPT = 4;
const MOST_BYTES = 4 << 20;
const free: Int8Array[] = [];

/**
 * Lends memory for the length of a call, and uses it again: the pages of fresh memory take longer than what is done with it.
 * @param use gets `size` bytes of any content
 */
export async function withBytes<Result>(size: number, use: (bytes: Int8Array) => Promise<Result>): Promise<Result> {
  const place = free.findIndex(({ length }) => length >= size);
  const [bytes] = place === -1 ? [new Int8Array(size)] : free.splice(place, 1);
  try {
    return await use(bytes.subarray(0, size));
  } finally {
    if (bytes.length <= MOST_BYTES) {
      free.push(bytes);
      // The largest serve most.
      free.sort((a, b) => a.length - b.length);
      if (free.length > MOST_KEPT) free.shift();
    }
  }
}
