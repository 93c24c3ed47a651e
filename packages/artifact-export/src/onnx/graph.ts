import { ExportError } from '../errors';
import {
  modelBytes,
  type Dimension,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  type TensorType,
} from './model-bytes';

/** The name of a value of a graph. */
export type Value = string;

/** Protocol buffers end at 2 GiB; the rest of a graph is small. */
const MOST_BYTES = 2 ** 31 - 2 ** 20;

/** A graph of ONNX operators that is put together node by node. */
export class OnnxGraph {
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #tensors: OnnxTensor[] = [];
  readonly #nodes: OnnxNode[] = [];

  constructor(private readonly name: string) {}

  input(name: string, type: TensorType, shape: readonly Dimension[]): Value {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** A constant of the given shape. */
  floats(values: ArrayLike<number>, shape: readonly number[]): Value {
    return this.#constant(values instanceof Float32Array ? values : Float32Array.from(values), shape);
  }

  /** A constant vector of int64, or of the given shape. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    return this.#constant(BigInt64Array.from(values, BigInt), shape);
  }

  /** A node with one output. */
  op(op: string, inputs: readonly Value[], attributes: OnnxNode['attributes'] = {}): Value {
    const output = `${op.toLowerCase()}_${this.#nodes.length}`;
    this.#nodes.push({ op, inputs, output, attributes });
    return output;
  }

  /** Names a value as an output. */
  output(name: string, value: Value, shape: readonly Dimension[]): void {
    this.#nodes.push({ op: 'Identity', inputs: [value], output: name, attributes: {} });
    this.#outputs.push({ name, type: 'float', shape });
  }

  /** @throws ExportError where the tables are too large for one file */
  toBytes(): Uint8Array {
    const bytes = this.#tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
    if (bytes > MOST_BYTES) {
      throw new ExportError(
        `The tables of the ${this.name} take ${bytes} bytes, but an ONNX file holds at most 2 GiB; export as safetensors.`,
      );
    }
    return modelBytes({
      name: this.name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      tensors: this.#tensors,
      nodes: this.#nodes,
    });
  }

  #constant(values: OnnxTensor['values'], shape: readonly number[]): Value {
    const name = `constant_${this.#tensors.length}`;
    this.#tensors.push({ name, shape, values });
    return name;
  }
}
