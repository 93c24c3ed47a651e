import type { Space } from './vector-index';

const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/**
 * Brings scores into the range of their space and of float32, in place, as the native engine does: products of finite
 * values may overflow, and rounding may lead a cosine past 1. A NaN, which opposite overflows come to, ranks last.
 *
 * @param scores `[n]`
 */
export function limitScores(scores: Float32Array, space: Space): Float32Array {
  const least = space === 'cosine' ? -1 : -MAX_FLOAT32;
  const most = space === 'cosine' ? 1 : space === 'l2' ? 0 : MAX_FLOAT32;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] >= least && scores[i] <= most) continue;
    scores[i] = scores[i] > most ? most : least;
  }
  return scores;
}
