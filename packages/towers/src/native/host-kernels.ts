import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The native twins of the loops over embedding tables and columns, in `native/src`. They give the bits that the loops in JavaScript
 * give: the same order of additions, double precision inside a statement, one rounding per store. Results therefore
 * depend neither on whether the addon is there nor on the number of threads. Rows and sizes are checked, a RangeError
 * says which is wrong.
 */
export interface HostKernels {
  lookUp(
    table: Float32Array,
    dim: number,
    rows: Int32Array,
    values: Float32Array,
    stride: number,
    offset: number,
  ): void;
  lookUpMean(
    table: Float32Array,
    dim: number,
    offsets: Int32Array,
    rows: Int32Array,
    picks: Int32Array | undefined,
    values: Float32Array,
    stride: number,
    offset: number,
  ): void;
  /** Adds row i of the block to `sums[slots[i]]`; -1 is no slot. */
  addRows(
    sums: Float32Array,
    dim: number,
    slots: Int32Array,
    values: Float32Array,
    stride: number,
    offset: number,
  ): void;
  /** Adds row i of the block, divided by the length of list i, to the sums of the list's slots, `[entries]`. */
  addMeans(
    sums: Float32Array,
    dim: number,
    slots: Int32Array,
    offsets: Int32Array,
    picks: Int32Array | undefined,
    values: Float32Array,
    stride: number,
    offset: number,
  ): void;
  /**
   * Writes the weighted means of each list side by side, `[lists, scales · dim]`; powers `[scales, length]` and norms
   * `[scales, length + 1]` are those of `RecencyWeights`, and factors `[entries]` make an entry count more or less.
   */
  poolLists(
    table: Float32Array,
    dim: number,
    offsets: Int32Array,
    rows: Int32Array,
    powers: Float32Array,
    norms: Float32Array,
    scales: number,
    length: number,
    values: Float32Array,
    factors: Float32Array | undefined,
  ): void;
  /** Adds the gradient of those means to the sums of the lists' slots, `[entries]`. */
  addPooled(
    sums: Float32Array,
    dim: number,
    slots: Int32Array,
    offsets: Int32Array,
    powers: Float32Array,
    norms: Float32Array,
    scales: number,
    length: number,
    values: Float32Array,
    factors: Float32Array | undefined,
  ): void;
  /** Writes how the loss changes with the logarithm of each factor, `[entries]`, for the gradient of those means. */
  factorSlopes(
    table: Float32Array,
    dim: number,
    offsets: Int32Array,
    rows: Int32Array,
    powers: Float32Array,
    norms: Float32Array,
    scales: number,
    length: number,
    gradient: Float32Array,
    factors: Float32Array,
    slopes: Float32Array,
  ): void;
  updateDense(
    parameter: Float32Array,
    firstMoment: Float32Array,
    secondMoment: Float32Array,
    gradient: Float32Array,
    beta1: number,
    beta2: number,
    epsilon: number,
    stepSize: number,
    secondMomentScale: number,
    gradientScale: number,
    kept: number,
  ): void;
  updateRows(
    parameter: Float32Array,
    firstMoment: Float32Array,
    secondMoment: Float32Array,
    gradient: Float32Array,
    rows: Int32Array,
    dim: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    stepSize: number,
    secondMomentScale: number,
    gradientScale: number,
    kept: number,
  ): void;
  /** Into sums `[columns]`, for x `[rows, columns]`; so are the next two. */
  sumColumns(x: Float32Array, sums: Float64Array): void;
  sumSquaredDeviations(x: Float32Array, centre: Float64Array, sums: Float64Array): void;
  sumOfProducts(y: Float32Array, x: Float32Array, centre: Float64Array, sums: Float64Array): void;
  /** x `[rows, columns]` → turned `[columns, rows]` */
  transpose(x: Float32Array, columns: number, turned: Float32Array): void;
  sumOfSquares(values: Float32Array): number;
  /** Asks for large pages behind an array that nothing has been written to yet. */
  preferHugePages(values: Float32Array): void;
  /** Whether the processor has the instructions of products with operands of bfloat16. */
  hasBfloat16Products(): boolean;
  /** Adds the fused ops of `ops/` to the TensorFlow of this process; false where there is none that takes them. */
  registerFusedOps(): boolean;
  /** Leaves signals to the other threads of the process; see backend/native.ts. */
  blockSignals(): void;
  /** Sends standard error nowhere: the copy that restores it, or -1 where nothing was changed. */
  muteStandardError(): number;
  restoreStandardError(copy: number): void;
}

/** Where `npx vector-recall-setup` puts it: beside `src` and `dist` alike. */
const FILE = join(__dirname, '../../native/build/vector-recall-host-kernels.node');

let loaded: HostKernels | null | undefined;

/** The native kernels, or nothing where they were not built. */
export function hostKernels(): HostKernels | undefined {
  if (loaded === undefined) loaded = load();
  return loaded ?? undefined;
}

function load(): HostKernels | null {
  let addon: unknown;
  try {
    addon = createRequire(__filename)(FILE);
  } catch {
    // No compiler at the install, which said so.
    return null;
  }
  return isHostKernels(addon) ? addon : null;
}

/**
 * An addon that an earlier release has left lacks the newest function, and is not used: `npx vector-recall-setup` compiles
 * this release's.
 */
function isHostKernels(value: unknown): value is HostKernels {
  return typeof value === 'object' && value !== null && 'hasBfloat16Products' in value;
}
