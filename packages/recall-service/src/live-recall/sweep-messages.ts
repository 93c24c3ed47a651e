import type { SweptSearch } from '@vector-recall/hnsw-index';
import type { RecallAtDepth } from './recall-events';

/** What the thread that looks at every item is asked, in this order for each search. */
export type SweepRequest =
  | { readonly step: 'open'; readonly file: string }
  /** Looks at the stored vectors of the rows whose bits are set. */
  | { readonly step: 'stored'; readonly search: SweptSearch; readonly words: Uint32Array }
  /** Looks at others: `[rows, dim]`. */
  | { readonly step: 'changed'; readonly rows: Int32Array; readonly vectors: Float32Array }
  | { readonly step: 'judge' };

/** The answer to `judge`; empty to all others, and where no item could have been returned. */
export type SweepResponse = readonly RecallAtDepth[];
