import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { hostKernels, type HostKernels } from '../native/host-kernels';

/** The level at which libtensorflow logs warnings of trouble alone. */
const QUIET = '2';

/** The name under which the addon registers itself with tfjs. */
export const NATIVE_BACKEND = 'tensorflow';

/** An optional dependency: the name is a variable so that neither the compiler nor Node needs it to be there. */
const ADDON: string = '@tensorflow/tfjs-node-gpu';

/**
 * Loads the TensorFlow addon, which becomes the backend of tfjs. Gives the version of libtensorflow.
 *
 * @throws whatever the addon throws where it or libtensorflow is missing
 */
export function loadNative(): string {
  // libtensorflow logs its CPU features at level 0 and 1, straight to stderr.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= QUIET;
  restoreUtil();
  // oneDNN's matrix product keeps data below its stack pointer, where the frame of a signal handler goes: a Ctrl-C or a
  // resized window on a thread that multiplies corrupts memory. Node's handlers may run on any thread, so this one and
  // those that TensorFlow starts from it leave signals to the others. Child processes start with a clean mask.
  hostKernels()?.blockSignals();
  loadQuietly(hostKernels());
  return tensorflowVersionOf(tf.findBackend(NATIVE_BACKEND));
}

/** What TensorFlow says of itself before it reads its log level goes nowhere, unless somebody asks for its log. */
function loadQuietly(kernels: HostKernels | undefined): void {
  const copy = process.env.TF_CPP_MIN_LOG_LEVEL === QUIET ? kernels?.muteStandardError() : undefined;
  try {
    createRequire(__filename)(ADDON);
  } finally {
    if (copy !== undefined) kernels?.restoreStandardError(copy);
  }
}

/** tfjs-node 4.22 calls these of `util`: Node 22 warns of that on stderr, and Node 23 took the first away. */
const CALLED_OF_UTIL = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
};

function restoreUtil(): void {
  // The module itself: what an import gives is a copy that does not change.
  const util = process.getBuiltinModule('node:util');
  for (const [name, value] of Object.entries(CALLED_OF_UTIL)) {
    Object.defineProperty(util, name, { value, configurable: true, writable: true });
  }
}

function tensorflowVersionOf(backend: object | null): string {
  if (backend !== null && 'binding' in backend) {
    const { binding } = backend;
    if (typeof binding === 'object' && binding !== null && 'TF_Version' in binding) return String(binding.TF_Version);
  }
  return 'unknown';
}
