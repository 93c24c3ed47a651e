import { z } from 'zod';

/** The machine side: which tfjs backend computes, where artifacts go, what is measured. */
export const runtimeSchema = z.strictObject({
  backend: z.enum(['auto', 'native', 'wasm', 'cpu']).default('auto').meta({
    flag: 'backend',
    env: 'VECTOR_RECALL_BACKEND',
    description: 'tfjs backend; auto takes the fastest there is',
  }),
  output: z
    .string()
    .min(1)
    .default('artifacts')
    .meta({ flag: 'output', alsoCalled: 'artifacts', description: 'folder of the artifact store' }),
  promote: z.enum(['auto', 'always', 'never', 'if-better']).default('auto').meta({
    flag: 'promote',
    description:
      'when the new version becomes the current one; auto wants it at least as good as popularity and item-kNN',
  }),
  seeds: z.int().min(1).max(50).default(1).meta({
    flag: 'seeds',
    description: 'trainings, each with the next seed, whose metrics are compared; the first is published',
  }),
  skipBenchmark: z
    .boolean()
    .default(false)
    .meta({ flag: 'skip-benchmark', description: 'leave out the latency benchmark' }),
  benchmarkTopK: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .meta({ flag: 'benchmark-top-k', description: 'candidates per query in the benchmark' }),
  benchmarkQueries: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(1000)
    .meta({ flag: 'benchmark-queries', description: 'queries measured by the benchmark' }),
});

export type RuntimeConfig = z.output<typeof runtimeSchema>;
