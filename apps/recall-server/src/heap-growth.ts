import { setFlagsFromString } from 'node:v8';

/**
 * The heap may grow to twice what is alive before all of it is collected. Of a call, the strings of its headers and what
 * Node keeps of its stream wait for such a collection, which stops the event loop for as long as there is to free: with
 * less room collections come so often that they take more than they free, with more room one takes a tenth of a second.
 * See docs/decisions/0012, and `npx nx run benchmarks:heap-growth`.
 */
const heapGrowthFlag = '--heap-growing-percent=100';

/** For the process that it is called in, at any time: V8 reads the flag at each collection. */
export function letHeapGrow(): void {
  setFlagsFromString(heapGrowthFlag);
}
