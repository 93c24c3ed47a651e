import { z } from 'zod';

/** The HNSW graph and its search (Malkov and Yashunin 2018). */
export const hnswSchema = z.strictObject({
  preset: z
    .enum(['balanced', 'highRecall', 'lowLatency'])
    .default('balanced')
    .meta({ flag: 'index-preset', description: 'fills the options of the index that are not given' }),
  m: z.int().min(2).max(128).default(16).meta({ flag: 'hnsw-m', description: 'links per node and layer' }),
  efConstruction: z
    .int()
    .min(4)
    .max(10_000)
    .default(200)
    .meta({ flag: 'ef-construction', description: 'candidates kept while the graph is built' }),
  efSearch: z.int().min(0).max(100_000).default(0).meta({
    flag: 'ef-search',
    description: 'candidates that a search keeps; 0 finds the fewest that reach the target recall',
  }),
  targetRecall: z.number().gt(0).lt(1).default(0.95).meta({
    flag: 'target-recall',
    description: 'share of the exact neighbours that searches should find; overrides a preset',
  }),
});

export type HnswConfig = z.output<typeof hnswSchema>;

/** Values behind `preset`; a value given by hand wins over its preset. */
export const hnswPresets = {
  balanced: { m: 16, efConstruction: 200, efSearch: 0 },
  highRecall: { m: 32, efConstruction: 400, efSearch: 200 },
  lowLatency: { m: 12, efConstruction: 100, efSearch: 50 },
} as const satisfies Record<HnswConfig['preset'], Omit<HnswConfig, 'preset' | 'targetRecall'>>;

/** For offline work and evaluation: a denser graph, nearer to exact search. */
export const { highRecall, lowLatency } = hnswPresets;
