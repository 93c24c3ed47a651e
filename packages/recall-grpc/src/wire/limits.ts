import type { ServerConfig } from '@vector-recall/core-config';

/** What a request may ask for at most. */
export type WireLimits = Pick<ServerConfig, 'maxTopK' | 'maxBatch' | 'maxEfSearch'>;

/** Features and a history, or a vector of up to 8000 dimensions, and all that is not an exclusion. */
const REQUEST_BYTES = 32_768;

/** An id to leave out: 30 characters and their tag and length. Integers take at most 10. */
const EXCLUDED_ID_BYTES = 32;

/** The largest message taken, in bytes: the largest batch, in which each user leaves out as many items as they ask for. */
export function maxRequestBytes({ maxBatch, maxTopK }: WireLimits): number {
  return maxBatch * (REQUEST_BYTES + maxTopK * EXCLUDED_ID_BYTES);
}
