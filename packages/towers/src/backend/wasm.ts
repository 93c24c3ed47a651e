import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

let located = false;

/** Points the WASM backend at the binaries beside its own sources, wherever the package manager has put them. */
export function locateWasm(): void {
  if (located) return;
  const packageFile = require.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  setWasmPaths(join(dirname(packageFile), 'dist') + sep);
  located = true;
}
