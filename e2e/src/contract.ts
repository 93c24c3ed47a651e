import { z } from 'zod';

const share = z.number().min(0).max(1);

/** `hitRate@K`, `recall@K` and `ndcg@K` at the default cutoffs, and those without one. */
export const metricsSchema = z
  .object({
    mrr: share,
    coverage: share,
    gini: share,
    averagePopularity: z.number().min(0),
    interval: z.record(z.string(), z.tuple([share, share])),
    lambda: z.number().positive().optional(),
  })
  .catchall(share)
  .refine((metrics) =>
    ['hitRate', 'recall', 'ndcg'].every((name) => [10, 20, 100, 500].every((k) => `${name}@${k}` in metrics)),
  );

export const evaluationSchema = z.object({
  model: metricsSchema,
  popularity: metricsSchema,
  itemKnn: metricsSchema,
  ease: metricsSchema.optional(),
  difference: z
    .object({ to: z.enum(['popularity', 'itemKnn', 'ease']) })
    .catchall(z.object({ value: z.number(), interval: z.tuple([z.number(), z.number()]) })),
  notes: z.array(z.string()),
  refitted: z.boolean(),
  random: metricsSchema,
  truth: metricsSchema.optional(),
  users: z.int().min(1),
  unreachable: z.int().min(0),
});

export const indexSchema = z.object({
  engine: z.string(),
  items: z.int(),
  dim: z.int(),
  m: z.int(),
  efConstruction: z.int(),
  efSearch: z.int(),
  buildSeconds: z.number(),
  bytes: z.int().min(1),
  recall: z.record(z.string(), share),
});

const latencySchema = z.object({
  meanMs: z.number().positive(),
  p50Ms: z.number().positive(),
  p95Ms: z.number().positive(),
  p99Ms: z.number().positive(),
  qps: z.number().positive(),
});

export const benchmarkSchema = z.object({
  single: latencySchema,
  batches: z.array(z.object({ batchSize: z.int(), usersPerSecond: z.number().positive() })),
});

const itemSchema = z.object({ id: z.union([z.string(), z.number()]), name: z.string().optional() });

export const trainSchema = z.object({
  artifact: z.object({ path: z.string(), version: z.string() }),
  dataset: z.object({ users: z.int(), items: z.int(), interactions: z.int() }),
  model: z.object({ parameters: z.int().min(1) }),
  training: z.object({
    backend: z.enum(['native', 'wasm', 'cpu']),
    epochs: z.array(
      z.object({
        epoch: z.int(),
        trainLoss: z.number(),
        validationLoss: z.number(),
        validationHitRate100: share,
        learningRate: z.number(),
        seconds: z.number(),
        examplesPerSecond: z.number(),
      }),
    ),
    seconds: z.number(),
    bestEpoch: z.int(),
    stoppedEarly: z.boolean(),
    refit: z.object({ epochs: z.int(), seconds: z.number() }).optional(),
  }),
  evaluation: evaluationSchema,
  index: indexSchema,
  benchmark: benchmarkSchema.optional(),
  demo: z.object({
    userId: z.union([z.string(), z.number()]),
    history: z.array(itemSchema),
    items: z.array(itemSchema.extend({ score: z.number() })),
  }),
  neighbours: z.array(
    z.object({ item: itemSchema, neighbours: z.array(itemSchema.extend({ score: z.number() })).length(5) }),
  ),
});

export const recallSchema = z.object({
  itemIds: z.array(z.union([z.string(), z.number()])),
  scores: z.array(z.number()),
  latencyMs: z.number(),
  source: z.enum(['model', 'history', 'popularity', 'vector']),
  items: z.array(itemSchema),
});

export const doctorSchema = z.object({
  node: z.object({ version: z.string() }),
  processor: z.object({ threads: z.int().min(1), features: z.array(z.string()) }),
  backend: z.object({ available: z.boolean(), name: z.string().optional() }),
  native: z.object({ available: z.boolean() }),
  index: z.object({ works: z.boolean() }),
  store: z.object({
    root: z.string(),
    current: z.string().optional(),
    problem: z.string().optional(),
    versions: z.array(z.object({ version: z.string(), problem: z.string().optional() })),
  }),
});

export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What a server answers to `query`; only ids come over the wire. */
export const querySchema = z.object({
  itemIds: z.array(z.union([z.string(), z.number()])),
  scores: z.array(z.number()),
  modelVersion: z.string(),
  source: z.enum(['model', 'history', 'popularity', 'vector']),
  unknownHistoryItems: z.int(),
  timings: z.object({ encodeMicros: z.int(), searchMicros: z.int(), totalMicros: z.int() }),
});

/** What `index build --json` prints. */
export const indexBuildSchema = z.object({
  artifact: z.object({ path: z.string(), version: z.string() }),
  index: z.object({
    engine: z.enum(['native', 'hnswlib-node']),
    items: z.int(),
    dim: z.int(),
    space: z.enum(['cosine', 'ip', 'l2']),
    efSearch: z.int(),
    targetRecall: z.number().optional(),
    bytesPerVector: z.number(),
    recall: z.record(z.string(), share),
  }),
});

/** What `index search --json` prints. */
export const indexSearchSchema = z.object({
  queries: z.int(),
  k: z.int(),
  efSearch: z.int(),
  targetRecall: z.number().optional(),
  recall: share,
  qps: z.number().positive(),
  p50Ms: z.number().positive(),
  p99Ms: z.number().positive(),
});
