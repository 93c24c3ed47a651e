import { z } from 'zod';

/** What one engine is asked to do, in a process of its own. Files are .npy, rows of float32. */
export interface EngineJob {
  readonly vectors: string;
  readonly queries: string;
  /** `[queries, k]` int32: the exact neighbours by cosine. */
  readonly truth: string;
  readonly k: number;
  readonly m: number;
  readonly efConstruction: number;
  /** Where indexes are written, and read again by whoever comes later. */
  readonly folder: string;
  /** From narrow to broad. */
  readonly settings: readonly number[];
  /** A sweep ends with the first setting that reaches this recall, though not before the third. */
  readonly enough: number;
}

const point = z.object({
  setting: z.number(),
  /** In [0, 1]: the share of the exact `k` nearest that are among the `k` returned, over all queries. */
  recall: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** Queries a second, one at a time on the thread that asks. */
  alone: z.number(),
  /** The same where the asking thread waits for another one; absent where an engine can't do that. */
  awaited: z.number().optional(),
  /** Queries a second, all given at once, on all threads that the engine has. */
  together: z.number(),
});

export const engineMeasurement = z.object({
  /** Null where the index was found already built. */
  buildSeconds: z.number().nullable(),
  bytesPerVector: z.number(),
  points: z.array(point).min(1),
});

export type Point = z.infer<typeof point>;
export type EngineMeasurement = z.infer<typeof engineMeasurement>;
