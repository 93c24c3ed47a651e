import { hostKernels } from '../native/host-kernels';

/**
 * Zeros for an embedding table or its moments, in large pages where the system has them: rows are read in any order, and
 * with small pages a step on ten million rows waits for the page table more than for the rows.
 */
export function tableMemory(length: number): Float32Array {
  const values = new Float32Array(length);
  hostKernels()?.preferHugePages(values);
  return values;
}
