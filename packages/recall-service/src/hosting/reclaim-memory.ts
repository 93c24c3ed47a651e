import { setFlagsFromString } from 'node:v8';
import { createContext, Script } from 'node:vm';
import { returnFreedMemory } from '@vector-recall/hnsw-index';

let collectGarbage: (() => void) | undefined;

/**
 * Gives the memory of models that nobody holds any more back to the system.
 *
 * Their arrays lie in shared memory, which V8 does not count among what a collection would free: a server that swaps
 * models and does little else would keep several of them for as long as it has no other reason to collect. So it is
 * asked to. The heap itself is small, so that the event loop stands still for some milliseconds.
 */
export async function reclaimMemory(): Promise<void> {
  collectGarbage ??= exposeCollector();
  collectGarbage();
  await returnFreedMemory();
}

function exposeCollector(): () => void {
  // Contexts that are made after the flag is set have a global `gc`; this one was made before.
  setFlagsFromString('--expose-gc');
  const collect = new Script('gc()');
  const context = createContext();
  return () => void collect.runInContext(context);
}
