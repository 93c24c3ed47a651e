/** Searches as the real thread does, but ends, as if it had crashed, when it is asked for 13 neighbours. */
import { parentPort } from 'node:worker_threads';
import '../threads/search-thread';
import type { ThreadRequest } from '../threads/messages';

// Both listeners hear of a request before the answer to it, which is awaited, is sent.
parentPort?.on('message', ({ request }: { readonly request: ThreadRequest }) => {
  if ('queries' in request && request.queries.some(({ k }) => k === 13)) process.exit();
});
