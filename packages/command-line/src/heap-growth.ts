import { setFlagsFromString } from 'node:v8';

/**
 * The heap may grow to twice what is alive before all of it is collected. V8's own limit is far nearer to what is alive
 * wherever buffers outside of the heap come and go: tensors in a training, frames in a server. Full collections then take
 * a fifth of a training and stop a server's event loop often. With more room than this one takes a tenth of a second. See
 * docs/decisions/0012, docs/decisions/0013 and `npx nx run benchmarks:heap-growth`.
 */
const heapGrowthFlag = '--heap-growing-percent=100';

/** For the process that it is called in, at any time: V8 reads the flag at each collection. */
export function letHeapGrow(): void {
  setFlagsFromString(heapGrowthFlag);
}
