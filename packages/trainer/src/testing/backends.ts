import { createRequire } from 'node:module';
import { selectBackend, type BackendName } from '@vector-recall/towers';

/** True where the native addon can be loaded; known at once, since jest wants its suites before anything runs. */
function nativeIsInstalled(): boolean {
  try {
    createRequire(__filename).resolve('@tensorflow/tfjs-node-gpu');
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a suite on each backend that computes in production. Where native TensorFlow is not installed its suite is
 * skipped by name.
 */
export function describeBackends(name: string, suite: (backend: BackendName) => void): void {
  for (const backend of ['native', 'wasm'] as const) {
    const run = backend === 'native' && !nativeIsInstalled() ? describe.skip : describe;
    run(`${name} on ${backend}`, () => {
      beforeAll(async () => {
        await selectBackend(backend);
      });
      suite(backend);
    });
  }
}
