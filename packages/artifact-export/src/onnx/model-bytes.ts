import { BinaryWriter } from '@bufbuild/protobuf/wire';

/**
 * The part of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that a tower takes, written by its
 * field numbers: some six of its hundred messages.
 */
export type TensorType = 'float' | 'int64';

/** `TensorProto.DataType` */
const dataTypes: Readonly<Record<TensorType, number>> = { float: 1, int64: 7 };

/** `AttributeProto.AttributeType` */
const INT = 2;
const INTS = 7;

/** ONNX 1.12, which every onnxruntime since 2022 reads. */
const IR_VERSION = 8;
const OPSET = 17;

/** The size of a dimension, or its name where it differs from call to call. */
export type Dimension = number | string;

export interface OnnxValue {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly Dimension[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxModel {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly tensors: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
}

/** A `ModelProto`. */
export function modelBytes(model: OnnxModel): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, 1, IR_VERSION);
  text(writer, 2, 'vector-recall');
  message(writer, 7, () => {
    writeGraph(writer, model);
  });
  message(writer, 8, () => {
    int(writer, 2, OPSET);
  });
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, { name, inputs, outputs, tensors, nodes }: OnnxModel): void {
  for (const node of nodes)
    message(writer, 1, () => {
      writeNode(writer, node);
    });
  text(writer, 2, name);
  for (const tensor of tensors)
    message(writer, 5, () => {
      writeTensor(writer, tensor);
    });
  for (const value of inputs)
    message(writer, 11, () => {
      writeValue(writer, value);
    });
  for (const value of outputs)
    message(writer, 12, () => {
      writeValue(writer, value);
    });
}

function writeNode(writer: BinaryWriter, { op, inputs, output, attributes }: OnnxNode): void {
  for (const input of inputs) text(writer, 1, input);
  text(writer, 2, output);
  text(writer, 3, output);
  text(writer, 4, op);
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, 5, () => {
      text(writer, 1, name);
      if (typeof value === 'number') int(writer, 3, value);
      else for (const each of value) int(writer, 8, each);
      int(writer, 20, typeof value === 'number' ? INT : INTS);
    });
  }
}

function writeTensor(writer: BinaryWriter, { name, shape, values }: OnnxTensor): void {
  for (const length of shape) int(writer, 1, length);
  int(writer, 2, dataTypes[values instanceof Float32Array ? 'float' : 'int64']);
  text(writer, 8, name);
  writer.uint32(tag(9, LENGTH)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue(writer: BinaryWriter, { name, type, shape }: OnnxValue): void {
  text(writer, 1, name);
  message(writer, 2, () => {
    message(writer, 1, () => {
      int(writer, 1, dataTypes[type]);
      message(writer, 2, () => {
        for (const dimension of shape) {
          message(writer, 1, () => {
            if (typeof dimension === 'number') int(writer, 1, dimension);
            else text(writer, 2, dimension);
          });
        }
      });
    });
  });
}

/** Wire types of protocol buffers. */
const VARINT = 0;
const LENGTH = 2;

function tag(field: number, wireType: number): number {
  return field * 8 + wireType;
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.uint32(tag(field, VARINT)).int64(value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.uint32(tag(field, LENGTH)).string(value);
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.uint32(tag(field, LENGTH)).fork();
  write();
  writer.join();
}
