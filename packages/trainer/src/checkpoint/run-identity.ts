import { createHash } from 'node:crypto';
import type { VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset } from '@vector-recall/datasets';
import type { BackendName } from '@vector-recall/towers';
import type { RunIdentity } from './checkpoint-state';

/** Everything that the weights of a run depend on; the index, the evaluation and the output folder are not part of it. */
export function runIdentity(
  config: VectorRecallConfig,
  dataset: Dataset,
  backend: BackendName,
  continuedFrom?: string,
): RunIdentity {
  const sections = { data: config.data, model: config.model, training: config.training };
  const identity: Record<string, string> = {};
  for (const [section, options] of Object.entries(sections)) {
    for (const [key, value] of Object.entries(options)) identity[`${section}.${key}`] = JSON.stringify(value);
  }
  if (continuedFrom !== undefined) identity['the version continued from'] = continuedFrom;
  return { ...identity, backend, 'the interactions': logDigest(dataset) };
}

/** The options in which two runs differ. */
export function differences(saved: RunIdentity, current: RunIdentity): string[] {
  const names = new Set([...Object.keys(saved), ...Object.keys(current)]);
  return [...names].filter((name) => saved[name] !== current[name]);
}

function logDigest({ interactions }: Dataset): string {
  const hash = createHash('sha256');
  const { offsets, items, timestamps, types } = interactions;
  for (const { buffer, byteOffset, byteLength } of [offsets, items, timestamps, ...(types ? [types.values] : [])]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  if (types) hash.update(types.names.join('\n'));
  return hash.digest('hex').slice(0, 16);
}
