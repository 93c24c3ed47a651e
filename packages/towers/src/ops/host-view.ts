import * as tf from '@tensorflow/tfjs';

/** The part of tfjs's WASM backend that leads to the bytes of a tensor. */
interface WasmBackend {
  readonly wasm: { readonly HEAPU8: Uint8Array };
  getMemoryOffset(dataId: object): number;
}

function isWasmBackend(backend: unknown): backend is WasmBackend {
  return typeof backend === 'object' && backend !== null && 'getMemoryOffset' in backend && 'wasm' in backend;
}

/**
 * The values of a float32 tensor where they lie, for loops on the host: `dataSync` copies, which costs more than a sum.
 * Read it at once: the next tensor that is made may move the heap of WASM.
 */
export function hostView(x: tf.Tensor): Float32Array {
  const backend: unknown = tf.backend();
  if (!isWasmBackend(backend)) return x.dataSync<'float32'>();
  return new Float32Array(backend.wasm.HEAPU8.buffer, backend.getMemoryOffset(x.dataId), x.size);
}
