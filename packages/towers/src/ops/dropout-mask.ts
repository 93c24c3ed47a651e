import { RandomStream } from '@vector-recall/random';

/** Entries of the pool: masks of a usual step (12,288 × 256) are one piece of it. */
const POOL_SIZE = 2 ** 22;

/** The longest piece; the rest of the pool is the room in which its start is drawn. */
const LONGEST_PIECE = (POOL_SIZE / 4) * 3;

const pools = new Map<number, Float32Array>();

/**
 * A dropout mask: `length` zeros and ones, zero with probability `rate`.
 * It is cut out of a fixed pool at a place drawn from `random`. Drawing each entry anew costs more than the layer it
 * masks, and the place alone has more than a million choices. The result may be a view of the pool: read it only.
 *
 * @param rate [0, 1), kept to a resolution of 2^-16
 */
export function dropoutMask(length: number, rate: number, random: RandomStream): Float32Array {
  const pool = poolOf(rate);
  if (length <= LONGEST_PIECE) return piece(pool, length, random);
  const mask = new Float32Array(length);
  for (let start = 0; start < length; start += LONGEST_PIECE) {
    mask.set(piece(pool, Math.min(LONGEST_PIECE, length - start), random), start);
  }
  return mask;
}

function piece(pool: Float32Array, length: number, random: RandomStream): Float32Array {
  const start = random.integer(POOL_SIZE - length + 1);
  return pool.subarray(start, start + length);
}

function poolOf(rate: number): Float32Array {
  let pool = pools.get(rate);
  if (pool === undefined) {
    const threshold = Math.round(rate * 2 ** 16);
    const uniform = uniformPool();
    pool = new Float32Array(POOL_SIZE);
    for (let i = 0; i < POOL_SIZE; i++) pool[i] = uniform[i] < threshold ? 0 : 1;
    pools.set(rate, pool);
  }
  return pool;
}

/** Uniform 16-bit numbers, the same in every process, so that a resumed run cuts the same masks out of them. */
function uniformPool(): Uint16Array {
  const pool = new Uint16Array(POOL_SIZE);
  const random = new RandomStream(0, 'dropout pool');
  // One draw of 53 bits gives three entries; storing a fraction drops all below its point.
  for (let i = 0; i < POOL_SIZE; i += 3) {
    let rest = random.uniform();
    for (let j = i; j < i + 3 && j < POOL_SIZE; j++) {
      rest *= 2 ** 16;
      pool[j] = rest;
      rest -= pool[j];
    }
  }
  return pool;
}
