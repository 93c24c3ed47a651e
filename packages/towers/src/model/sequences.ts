import type { Sequences } from '../history/history-encoder';
import type { UserBatch } from './types';

/** What each entry of a batch reads: the place that the batch names, or the whole of its own history. */
export function sequencesOf({ historyOffsets: offsets, sequences }: UserBatch): Sequences {
  if (sequences) return { offsets, ...sequences };
  const batch = offsets.length - 1;
  return {
    offsets,
    of: Int32Array.from({ length: batch }, (_, entry) => entry),
    lengths: Int32Array.from({ length: batch }, (_, entry) => offsets[entry + 1] - offsets[entry]),
  };
}
