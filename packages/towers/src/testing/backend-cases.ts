import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackendName } from '../backend/select-backend';

/** A backend and whether this install has it. Plain JavaScript is left out of slow tests: it shares WASM's kernels. */
export interface BackendCase {
  readonly name: BackendName;
  readonly available: boolean;
}

export const backendCases: readonly BackendCase[] = [
  { name: 'native', available: addonIsBuilt() },
  { name: 'wasm', available: true },
];

function addonIsBuilt(): boolean {
  try {
    const lib = join(dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'lib');
    return readdirSync(lib).some((folder) => existsSync(join(lib, folder, 'tfjs_binding.node')));
  } catch {
    return false;
  }
}
