import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Extensions that TensorFlow and the index have code for, in the order of what they are worth. */
const useful = ['avx512_vnni', 'avx512f', 'avx2', 'fma', 'sse4_2', 'asimd', 'sve'];

/** The extensions that a text in the format of Linux's `/proc/cpuinfo` names. */
export function featuresIn(cpuInfo: string): string[] {
  const named = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuInfo)?.[1]?.trim().split(/\s+/) ?? [];
  return useful.filter((feature) => named.includes(feature));
}

/** Model, threads and vector extensions of the processor. */
export function describeProcessor(): { model: string; threads: number; features: string[] } {
  const all = cpus();
  return { model: all[0]?.model.trim() ?? 'unknown', threads: all.length, features: readFeatures() };
}

function readFeatures(): string[] {
  try {
    return featuresIn(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    // Only Linux tells through a file.
    return [];
  }
}
