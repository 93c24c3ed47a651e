import type { VectorIndex } from './vector-index';

export declare function measureRecall(index: VectorIndex, truth: VectorIndex, queries: Float32Array, k: number): number;
