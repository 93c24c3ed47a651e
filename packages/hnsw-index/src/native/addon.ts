import { createRequire } from 'node:module';
import { join } from 'node:path';
import { IndexEngineError } from '../errors';

declare const kind: unique symbol;

/** An object of the addon's that JavaScript only holds and hands back. */
interface Handle<Kind extends string> {
  readonly [kind]: Kind;
}

export type GraphHandle = Handle<'graph'>;
export type ImageHandle = Handle<'image'>;
export type IndexHandle = Handle<'index'>;
export type FilterHandle = Handle<'filter'>;
export type ProgressHandle = Handle<'progress'>;

export interface IndexFacts {
  readonly space: number;
  readonly dim: number;
  readonly count: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly limit: number;
  readonly bytes: number;
  readonly keepsVectors: number;
  /** A place in `precisions`. */
  readonly precision: number;
  /** A place in `memories`. */
  readonly place: number;
  readonly kernels: string;
}

/** What builds and updates of a graph have in common. */
export type HowBuilt = [
  seed: number,
  threads: number,
  kernels: string,
  progress: ProgressHandle,
  isLowPriority: boolean,
];

/** The functions of the native engine; `native/src/addon_*.cc` says what each does. Their arguments are checked here. */
export interface Addon {
  listKernels(): string[];
  returnFreedMemory(): Promise<void>;
  createProgress(): ProgressHandle;
  readProgress(progress: ProgressHandle): number;
  cancelBuild(progress: ProgressHandle): void;
  buildGraph(
    vectors: Float32Array,
    space: number,
    dim: number,
    m: number,
    efConstruction: number,
    ...how: HowBuilt
  ): Promise<GraphHandle>;
  updateGraph(base: IndexHandle, rows: Int32Array, vectors: Float32Array, ...how: HowBuilt): Promise<GraphHandle>;
  dropGraph(graph: GraphHandle): Promise<void>;
  saveGraph(graph: GraphHandle, path: string): Promise<void>;
  imageOfGraph(
    graph: GraphHandle,
    keepVectors: number,
    limit: number,
    threads: number,
    isLowPriority: boolean,
    like: IndexHandle | null,
  ): Promise<ImageHandle>;
  imageOfGraphFile(
    path: string,
    space: number,
    keepVectors: number,
    limit: number,
    threads: number,
  ): Promise<ImageHandle>;
  shareFile(path: string): Promise<number>;
  loadImage(path: string, isMapped: boolean): Promise<ImageHandle>;
  openIndex(image: ImageHandle, verify: boolean, kernels: string, threads: number): Promise<IndexHandle>;
  saveIndex(index: IndexHandle, path: string, limit: number): Promise<void>;
  describeIndex(index: IndexHandle): IndexFacts;
  makeFilter(count: number, rows: Int32Array, isAllowed: boolean): FilterHandle;
  makeFilterOfBits(count: number, bits: ArrayBuffer): FilterHandle;
  onSearchDone(index: IndexHandle, onDone: (search: number, failure: unknown) => void): void;
  startSearch(
    index: IndexHandle,
    queries: Float32Array,
    plans: Uint32Array,
    count: number,
    excluded: Int32Array,
    filters: readonly (FilterHandle | null)[] | null,
    results: ArrayBuffer,
    search: number,
  ): void;
  cancelSearch(index: IndexHandle, search: number): void;
  searchNow(
    index: IndexHandle,
    queries: Float32Array,
    plans: Uint32Array,
    count: number,
    excluded: Int32Array,
    filters: readonly (FilterHandle | null)[] | null,
    results: ArrayBuffer,
  ): void;
  countWaiting(index: IndexHandle): number;
  closeIndex(index: IndexHandle): Promise<void>;
  searchExact(
    vectors: Float32Array,
    inverseNorms: Float64Array,
    space: number,
    dim: number,
    queries: Float32Array,
    k: number,
    threads: number,
    kernels: string,
    labels: Int32Array,
    scores: Float32Array,
  ): void;
  readDirections(index: IndexHandle, rows: Int32Array, directions: Int8Array): void;
  selectDiverse(
    codes: Int8Array,
    dim: number,
    gains: Float64Array,
    weight: number,
    groupStarts: Int32Array,
    groups: Int32Array,
    room: Int32Array,
    given: number,
    kernels: string,
    chosen: Int32Array,
  ): number;
  multiplyRows(
    vectors: Float32Array,
    dim: number,
    queries: Float32Array,
    threads: number,
    kernels: string,
    products: Float32Array,
  ): void;
  rankRows(
    scores: Float32Array,
    columns: number,
    targets: Int32Array,
    k: number,
    threads: number,
    ranks: Int32Array,
    shown: Int32Array,
    shownCounts: Int32Array,
  ): void;
}

/** Where `nx run hnsw-index:native` puts it: beside `src` and `dist` alike. */
const file = join(__dirname, '../../native/build/vector-recall-engine.node');

let loaded: Addon | undefined;

/**
 * The native engine, loaded when it is first needed.
 * @throws IndexEngineError with the reason
 */
export function loadAddon(): Addon {
  loaded ??= load();
  return loaded;
}

/** The native engine where there is one, for what can be done without it too. */
export function findAddon(): Addon | undefined {
  try {
    return loadAddon();
  } catch {
    return undefined;
  }
}

function load(): Addon {
  let addon: unknown;
  try {
    addon = createRequire(__filename)(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new IndexEngineError(
      `The native engine cannot be loaded (${reason}); install a C++ compiler and run "npx vector-recall-setup".`,
      { cause },
    );
  }
  if (!isAddon(addon)) {
    throw new IndexEngineError('The native engine is of another release; run "npx vector-recall-setup".');
  }
  return addon;
}

/** The addon is compiled from this release's sources, so one function that is there stands for all. */
function isAddon(value: unknown): value is Addon {
  return typeof value === 'object' && value !== null && 'startSearch' in value && 'onSearchDone' in value;
}
