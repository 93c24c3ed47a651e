import * as tf from '@tensorflow/tfjs';
import { BackendUnavailableError } from '../errors';
import { loadNative, NATIVE_BACKEND } from './native';
import { locateWasm } from './wasm';

/** Where the towers compute: TensorFlow's C library, tfjs's WebAssembly kernels, or plain JavaScript. */
export type BackendName = 'native' | 'wasm' | 'cpu';

/** The backend that is in use. */
export interface Backend {
  readonly name: BackendName;
  /** Version of libtensorflow, on the native backend. */
  readonly tensorflowVersion?: string;
  /** One line, present when a faster backend exists and can't be had here. */
  readonly notice?: string;
}

const HOW_TO_GET_NATIVE =
  'reinstall where TensorFlow can be downloaded, where pip finds the tensorflow-cpu wheel, ' +
  'or with LIBTENSORFLOW_DIR set to a libtensorflow';

/**
 * Makes tfjs compute on a backend. `auto` takes native, else WASM. Safe to call again, with the same or another choice.
 *
 * @throws BackendUnavailableError where the choice can't be had; the backend in use stays
 */
export async function selectBackend(choice: 'auto' | BackendName): Promise<Backend> {
  if (choice === 'native') return useNative();
  if (choice === 'wasm') return useWasm();
  if (choice === 'cpu') return useCpu();
  try {
    return await useNative();
  } catch (error) {
    const reason = error instanceof BackendUnavailableError ? firstLine(error.cause) : firstLine(error);
    return {
      ...(await useWasm()),
      notice: `Native TensorFlow is not available (${reason}), so training is several times slower on WASM; to get it, ${HOW_TO_GET_NATIVE}.`,
    };
  }
}

async function useNative(): Promise<Backend> {
  const previous = backendInUse();
  let tensorflowVersion: string;
  try {
    tensorflowVersion = loadNative();
  } catch (cause) {
    await restore(previous);
    throw new BackendUnavailableError(
      'native',
      `The native backend can't be loaded (${firstLine(cause)}); ${HOW_TO_GET_NATIVE}, or choose the backend wasm.`,
      { cause },
    );
  }
  await activate('native', NATIVE_BACKEND);
  return { name: 'native', tensorflowVersion };
}

async function useWasm(): Promise<Backend> {
  locateWasm();
  await activate('wasm', 'wasm');
  return { name: 'wasm' };
}

async function useCpu(): Promise<Backend> {
  await activate('cpu', 'cpu');
  // The first tensor on this backend prints advice to install tfjs-node, which is not news to the user of this package.
  const production = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  tf.scalar(0).dispose();
  tf.env().set('PROD', production);
  return { name: 'cpu' };
}

async function activate(name: BackendName, registered: string): Promise<void> {
  const previous = backendInUse();
  const ready = previous === registered || (await tf.setBackend(registered));
  if (!ready) {
    await restore(previous);
    throw new BackendUnavailableError(name, `The backend ${name} did not start on this machine; choose another one.`);
  }
}

/** The name under which tfjs knows the backend in use. Asking tfjs itself would start one where there is none yet. */
function backendInUse(): string | undefined {
  const { backendName } = tf.engine();
  return typeof backendName === 'string' && backendName !== '' ? backendName : undefined;
}

async function restore(backend: string | undefined): Promise<void> {
  if (backend !== undefined) await tf.setBackend(backend);
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n', 1)[0].replace(/[.\s]+$/, '');
}
