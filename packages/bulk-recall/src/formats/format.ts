import type { FileHandle } from 'node:fs/promises';
import type { RecallSource } from '@vector-recall/recall-service';

/** The names of the formats, which are also the endings of their files. */
export const bulkFormats = ['parquet', 'jsonl'] as const;

export type BulkFormat = (typeof bulkFormats)[number];

export type Id = number | string;
export type IdKind = 'integer' | 'string';

/** The candidates of one user, best first. */
export interface UserCandidates {
  readonly userId: Id;
  readonly source: RecallSource;
  readonly itemIds: readonly Id[];
  /** As long as `itemIds`. */
  readonly scores: Float32Array;
}

/** The kinds that the columns of ids have in every part. */
export interface IdKinds {
  readonly users: IdKind;
  readonly items: IdKind;
}

/** How a file of candidates is written: part after part, each whole in itself, and then all parts as one file. */
export interface PartFormat {
  /** The bytes of one part. */
  encode(users: readonly UserCandidates[], kinds: IdKinds): Uint8Array;
  /** Joins the files of parts, in their order, in bounded memory. */
  join(parts: readonly string[], into: FileHandle): Promise<void>;
}
