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

export declare function selectBackend(choice: 'auto' | BackendName): Promise<Backend>;
