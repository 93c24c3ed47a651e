import { Metadata } from '@grpc/grpc-js';

const KEY = 'x-request-id';

/** Longer ones are not taken over: they would only fill logs and headers. */
const MAX_LENGTH = 128;

/** The id under which the caller knows the call. */
export function givenRequestId(metadata: Metadata): string | undefined {
  const [given] = metadata.get(KEY);
  return typeof given === 'string' && given !== '' && given.length <= MAX_LENGTH ? given : undefined;
}

/** Trailers that tell the caller the id. */
export function requestIdTrailers(id: string): Metadata {
  const trailers = new Metadata();
  trailers.set(KEY, id);
  return trailers;
}
