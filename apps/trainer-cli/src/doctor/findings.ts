/** What `doctor` found; its JSON. */
export interface Findings {
  readonly node: { readonly version: string; readonly platform: string; readonly architecture: string };
  readonly processor: {
    readonly model: string;
    readonly threads: number;
    /** Vector extensions out of those that the native code can use; empty where the system doesn't tell. */
    readonly features: readonly string[];
  };
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number };
  readonly backend: BackendFinding;
  readonly native: NativeFinding;
  readonly index: {
    /** Who builds and searches: the native engine, or hnswlib-node where it can't be had. */
    readonly engine: 'native' | 'hnswlib-node';
    /** Of hnswlib-node, whose headers the native engine is compiled against. */
    readonly version: string;
    /** The instruction set that the native engine runs on here. */
    readonly instructions?: string;
    /** Why it is not the native engine. */
    readonly fallbackReason?: string;
    readonly works: boolean;
    readonly problem?: string;
  };
  readonly store: {
    readonly root: string;
    readonly current?: string;
    readonly versions: readonly { readonly version: string; readonly problem?: string }[];
    /** Why the current version can't be opened: a damaged file, a newer format. */
    readonly problem?: string;
  };
}

/** The backend that a run with these options would use. */
export type BackendFinding =
  | { readonly available: true; readonly name: string; readonly tensorflowVersion?: string; readonly notice?: string }
  | { readonly available: false; readonly problem: string };

/** Whether native TensorFlow can be had, and why not. */
export type NativeFinding =
  | { readonly available: true; readonly tensorflowVersion: string }
  | { readonly available: false; readonly problem: string };
