import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { selectBackend, type BackendName } from '@vector-recall/towers';

/** Known at once, since jest wants its suites before anything runs. */
function addonIsBuilt(): boolean {
  try {
    const lib = join(dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'lib');
    return readdirSync(lib).some((folder) => existsSync(join(lib, folder, 'tfjs_binding.node')));
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
    const run = backend === 'native' && !addonIsBuilt() ? describe.skip : describe;
    run(`${name} on ${backend}`, () => {
      beforeAll(async () => {
        await selectBackend(backend);
      });
      suite(backend);
    });
  }
}
