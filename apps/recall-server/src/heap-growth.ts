import { setFlagsFromString } from 'node:v8';

/**
 * The heap may grow to five times of what is alive before all of it is collected. What a call leaves behind hangs on its
 * HTTP/2 stream, which only such a collection frees: by default one came every second or so under load, and stopped the
 * event loop for 5 to 37 ms. See docs/decisions/0012.
 */
export const heapGrowthFlag = '--heap-growing-percent=400';

/** For the process that it is called in, at any time: V8 reads the flag at each collection. */
export function letHeapGrow(): void {
  setFlagsFromString(heapGrowthFlag);
}
