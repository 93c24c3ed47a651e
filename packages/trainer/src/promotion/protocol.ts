import { createHash, type Hash } from 'node:crypto';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset, Split, Vocabulary } from '@vector-recall/datasets';
import type { ManifestProtocol } from '@vector-recall/model-store';

/** Ids hashed at a time, so that a million of them are not as many calls. */
const IDS_PER_UPDATE = 4096;

/** What the metrics of a run are measured on: with equal protocols, two versions' metrics can be compared. */
export function protocolOf(
  dataset: Dataset,
  split: Split,
  { evaluation, training }: Pick<VectorRecallConfig, 'evaluation' | 'training'>,
): ManifestProtocol {
  return {
    data: digestOf((hash) => {
      addIds(hash, dataset.users.vocabulary);
      addIds(hash, dataset.items.vocabulary);
      const { offsets, items, timestamps, weights, types } = dataset.interactions;
      addArrays(hash, offsets, items, timestamps, weights, types?.values);
    }),
    split: split.random?.name ?? 'leave-last-out',
    heldOut: digestOf((hash) => {
      const { log, trainEnd, validationAt, testAt, cold, random, repeats } = split;
      addArrays(hash, log.offsets, log.items, trainEnd, validationAt, testAt);
      addArrays(hash, random?.validationEnd, cold?.users, cold?.items);
      hash.update(repeats);
      // The seed draws the users where not all are judged.
      if (evaluation.maxUsers > 0) hash.update(`${evaluation.maxUsers} users by seed ${training.seed}`);
    }),
  };
}

function digestOf(add: (hash: Hash) => void): string {
  const hash = createHash('sha256');
  add(hash);
  return hash.digest('hex');
}

function addIds(hash: Hash, ids: Vocabulary): void {
  const { kind, size } = ids;
  hash.update(`${kind} ${size}\n`);
  for (let first = 0; first < size; first += IDS_PER_UPDATE) {
    const count = Math.min(IDS_PER_UPDATE, size - first);
    hash.update(JSON.stringify(Array.from({ length: count }, (_, n) => ids.idAt(first + n))));
  }
}

type Column = Int32Array | Float32Array | Float64Array | Uint8Array;

function addArrays(hash: Hash, ...arrays: readonly (Column | undefined)[]): void {
  for (const array of arrays) {
    hash.update(`${array?.byteLength ?? 0} bytes\n`);
    if (array !== undefined) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
}
