import type { ManifestFields } from '../manifest/manifest';

/** Manifest fields as a trainer gives them. */
export const sampleFields = {
  dims: { embedding: 4 },
  counts: { users: 2, items: 3, interactions: 5 },
  config: { training: { epochs: 5 } },
  metrics: { model: { 'hitRate@10': 0.25 } },
} as const satisfies ManifestFields;
