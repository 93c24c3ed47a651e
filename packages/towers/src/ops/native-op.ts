import * as tf from '@tensorflow/tfjs';
import { NATIVE_BACKEND } from '../backend/native';
import { hostKernels } from '../native/host-kernels';

/** The attribute types of TensorFlow's C API that ops of this package use (`TF_AttrType`). */
const TF_ATTR_STRING = 0;
const TF_ATTR_INT = 1;
const TF_ATTR_FLOAT = 2;
const TF_ATTR_BOOL = 3;
const TF_ATTR_TYPE = 4;

/** `TF_DataType` of a 32-bit float and integer. */
const TF_FLOAT = 1;
const TF_INT32 = 3;

export interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string;
}

export const float32Type = (name: string): NativeAttribute => ({ name, type: TF_ATTR_TYPE, value: TF_FLOAT });
export const int32Type = (name: string): NativeAttribute => ({ name, type: TF_ATTR_TYPE, value: TF_INT32 });
export const flag = (name: string, value: boolean): NativeAttribute => ({ name, type: TF_ATTR_BOOL, value });
export const count = (name: string, value: number): NativeAttribute => ({ name, type: TF_ATTR_INT, value });
export const float = (name: string, value: number): NativeAttribute => ({ name, type: TF_ATTR_FLOAT, value });
export const text = (name: string, value: string): NativeAttribute => ({ name, type: TF_ATTR_STRING, value });

/** The part of tfjs-node's backend that runs any TensorFlow op by name. */
interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  executeMultipleOutputs(
    name: string,
    attributes: readonly NativeAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

function isNativeBackend(backend: unknown): backend is NativeBackend {
  return typeof backend === 'object' && backend !== null && 'executeMultipleOutputs' in backend;
}

/** True where ops may run TensorFlow's fused kernels; elsewhere they take their portable twin. */
export function onNative(): boolean {
  return tf.getBackend() === NATIVE_BACKEND;
}

/**
 * True where ops may run this package's own kernels inside TensorFlow: on the CPU, where the addon was compiled. On a GPU
 * the tensors lie where those kernels cannot reach them, and TensorFlow's own are taken.
 */
export function hasFusedOps(): boolean {
  const backend: unknown = tf.backend();
  if (!isNativeBackend(backend) || backend.isUsingGpuDevice) return false;
  return hostKernels()?.registerFusedOps() ?? false;
}

/** Runs a TensorFlow op that tfjs has no name for. Its outputs belong to the current tfjs scope. */
export function runNative<R extends tf.Rank>(
  name: string,
  attributes: readonly NativeAttribute[],
  inputs: readonly tf.Tensor[],
): tf.Tensor<R> {
  const [output] = runNativeMultiple(name, attributes, inputs, 1);
  // The rank follows from the op; each caller states it once, beside the op's name.
  return output as tf.Tensor<R>;
}

export function runNativeMultiple(
  name: string,
  attributes: readonly NativeAttribute[],
  inputs: readonly tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  const backend: unknown = tf.backend();
  if (!isNativeBackend(backend)) throw new Error(`The op ${name} needs the native backend.`);
  return backend.executeMultipleOutputs(name, attributes, inputs, outputs);
}
