import { setFlagsFromString } from 'node:v8';

/**
 * The heap may grow to three times of what is alive before all of it is collected. What a call leaves behind hangs on
 * its HTTP/2 stream, which only such a collection frees, and which stops the event loop for as long as there is to free:
 * by default one comes every second or so under load; with much more room they are rare, but one takes a tenth of a
 * second. See docs/decisions/0012.
 */
export const heapGrowthFlag = '--heap-growing-percent=200';

/** For the process that it is called in, at any time: V8 reads the flag at each collection. */
export function letHeapGrow(): void {
  setFlagsFromString(heapGrowthFlag);
}
