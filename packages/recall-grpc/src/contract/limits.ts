import type { ServerConfig } from '@vector-recall/core-config';
import { standingLimits } from '@vector-recall/recall-service';

/** What a request may ask for at most. */
export type WireLimits = Pick<ServerConfig, 'maxTopK' | 'maxBatch' | 'maxEfSearch' | 'maxIds'>;

/** The most parts that the context of a request may have: many times what a log has of devices, countries and hours. */
export const MAX_CONTEXT_PARTS = 64;

/** The type of an event, of up to 30 characters: each item of a history may have one. */
const TYPE_BYTES = 32;

/** Features, or a vector of up to 8000 dimensions, and all that is not a list of ids. */
const REQUEST_BYTES = 32_768;

/** An id of 46 characters with its tag and length, as of a UUID with a prefix. Integers take at most 11. */
const ID_BYTES = 48;

/** What an entry of a batch may come to on average: ids of 30 characters to exclude, as many as it asks for. */
const BATCH_ID_BYTES = 32;

/** A request without lists, such as one for the model's description or for a reload. */
export const SHORT_REQUEST_BYTES = 4096;

/** Rules that hold for every request: many more ids than a request may have, and a filter of 100,000 characters. */
export const STANDING_REQUEST_BYTES = 400_000 + standingLimits.maxDenied * ID_BYTES;

/** The largest request of each method, in bytes once unpacked. */
export function requestBytes({ maxBatch, maxTopK, maxIds }: WireLimits) {
  const recall = REQUEST_BYTES + maxIds * (ID_BYTES + TYPE_BYTES);
  return {
    recall,
    // One entry alone may be as large as a request of its own.
    batchRecall: Math.max(recall + 8, maxBatch * (REQUEST_BYTES + maxTopK * BATCH_ID_BYTES)),
    similarItems: SHORT_REQUEST_BYTES + maxIds * ID_BYTES,
    getModelInfo: SHORT_REQUEST_BYTES,
    encodeUsers: Math.max(recall + 8, maxBatch * REQUEST_BYTES),
    encodeItems: SHORT_REQUEST_BYTES + maxTopK * ID_BYTES,
    describeItems: SHORT_REQUEST_BYTES + maxTopK * ID_BYTES,
    describeUser: SHORT_REQUEST_BYTES,
  };
}
