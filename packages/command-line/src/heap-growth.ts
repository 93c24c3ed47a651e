import { setFlagsFromString } from 'node:v8';

/**
 * The heap may grow to twice what is alive before all of it is collected. V8 by itself collects far sooner where memory
 * outside of the heap comes and goes: the tensors of a training, which then spends a fifth of its time on collections, and
 * the headers of a server's calls. With more room than this, a single collection stops a server for a tenth of a second.
 * See docs/decisions/0012 and 0013, and `npx nx run benchmarks:heap-growth`.
 */
const heapGrowthFlag = '--heap-growing-percent=100';

/** For the process that it is called in, at any time: V8 reads the flag at each collection. */
export function letHeapGrow(): void {
  setFlagsFromString(heapGrowthFlag);
}
