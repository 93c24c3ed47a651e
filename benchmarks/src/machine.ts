import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const simdFlags = ['avx512_vnni', 'avx512f', 'avx2', 'asimd'] as const;

/** The shape of this machine in one phrase: cores and the widest SIMD it has. Figures mean nothing without it. */
export function machineShape(): string {
  return `${availableParallelism()} cores, ${widestSimd() ?? process.arch}, Node ${process.versions.node}`;
}

function widestSimd(): string | undefined {
  try {
    const flags = new Set(readFileSync('/proc/cpuinfo', 'utf8').split(/\s+/));
    return simdFlags
      .find((flag) => flags.has(flag))
      ?.toUpperCase()
      .replace('_', ' ');
  } catch {
    return undefined; // not Linux: the architecture has to do
  }
}
