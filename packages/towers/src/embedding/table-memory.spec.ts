import { existsSync, readFileSync } from 'node:fs';
import { hostKernels } from '../native/host-kernels';
import { tableMemory } from './table-memory';

/** Enough for several large pages wherever the array begins. */
const LENGTH = 4 * 2 ** 20;

/** Regions of this process for which large pages were asked, as Linux tells. */
function advisedRegions(): number {
  return readFileSync('/proc/self/smaps', 'utf8')
    .split('\n')
    .filter((line) => /^VmFlags:.* hg/.test(line)).length;
}

describe('tableMemory', () => {
  it('is all zeros and keeps what is written', () => {
    const values = tableMemory(LENGTH);
    expect(values).toHaveLength(LENGTH);
    expect(values.every((value) => value === 0)).toBe(true);
    values.fill(7);
    expect(values.every((value) => value === 7)).toBe(true);
    expect(tableMemory(0)).toHaveLength(0);
  });

  // Some systems have no such advice, and without a C++ compiler there is nobody to give it.
  const known = existsSync('/sys/kernel/mm/transparent_hugepage/enabled') && hostKernels() !== undefined;
  (known ? it : it.skip)('asks for large pages', () => {
    const before = advisedRegions();
    const values = tableMemory(16 * LENGTH);
    expect(advisedRegions()).toBeGreaterThan(before);
    expect(values[LENGTH]).toBe(0);
  });
});
