import { z } from 'zod';

/** The machine side: which tfjs backend computes, where artifacts go, what is measured. */
export const runtimeSchema = z.strictObject({
  backend: z.enum(['auto', 'native', 'wasm', 'cpu']).default('auto').meta({
    flag: 'backend',
    env: 'VECTOR_RECALL_BACKEND',
    description: 'tfjs backend; auto takes the fastest there is',
  }),
  output: z.string().min(1).default('artifacts').meta({ flag: 'output', description: 'folder of the artifact store' }),
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
