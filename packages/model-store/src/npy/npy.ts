export type NpyValues = { readonly float32: Float32Array; readonly int32: Int32Array };
export type NpyType = keyof NpyValues;
export declare function readNpy<T extends NpyType>(
  file: string,
  type: T,
): Promise<{ shape: readonly number[]; values: NpyValues[T] }>;
export declare function writeNpy(
  file: string,
  values: Float32Array | Int32Array,
  shape?: readonly number[],
): Promise<void>;
