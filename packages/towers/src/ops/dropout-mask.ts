import * as tf from '@tensorflow/tfjs';
import { RandomStream } from '@vector-recall/random';
import { hasFusedOps } from './native-op';

/** Entries of the pool: masks of a usual step (12,288 × 256) are one piece of it. */
const POOL_SIZE = 2 ** 22;

/** The longest piece; the rest of the pool is the room in which its start is drawn. */
const LONGEST_PIECE = (POOL_SIZE / 4) * 3;

type Values = Float32Array | Uint8Array;

const pools = new Map<string, Values>();

/**
 * A dropout mask `[rows, columns]`: zeros and ones, zero with probability `rate`; bytes where ops are fused, which read
 * them faster, and floats elsewhere, of the same entries.
 * It is cut out of a fixed pool at a place drawn from `random`. Drawing each entry anew costs more than the layer it
 * masks, and the place alone has more than a million choices.
 *
 * @param rate [0, 1), kept to a resolution of 2^-16
 */
export function dropoutMask(shape: [number, number], rate: number, random: RandomStream): tf.Tensor2D {
  const length = shape[0] * shape[1];
  const type = hasFusedOps() ? 'bool' : 'float32';
  const pool = poolOf(rate, type);
  if (length <= LONGEST_PIECE) return tf.tensor2d(piece(pool, length, random), shape, type);
  const mask = type === 'bool' ? new Uint8Array(length) : new Float32Array(length);
  for (let start = 0; start < length; start += LONGEST_PIECE) {
    mask.set(piece(pool, Math.min(LONGEST_PIECE, length - start), random), start);
  }
  return tf.tensor2d(mask, shape, type);
}

function piece(pool: Values, length: number, random: RandomStream): Values {
  const start = random.integer(POOL_SIZE - length + 1);
  return pool.subarray(start, start + length);
}

function poolOf(rate: number, type: 'bool' | 'float32'): Values {
  const key = `${type} ${rate}`;
  let pool = pools.get(key);
  if (pool === undefined) {
    const threshold = Math.round(rate * 2 ** 16);
    const uniform = uniformPool();
    pool = type === 'bool' ? new Uint8Array(POOL_SIZE) : new Float32Array(POOL_SIZE);
    for (let i = 0; i < POOL_SIZE; i++) pool[i] = uniform[i] < threshold ? 0 : 1;
    pools.set(key, pool);
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
