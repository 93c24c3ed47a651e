import type { RunSummary } from '../run-summary';

/** Made up: each metric is in proportion to the scale. */
export function sampleMetrics(scale: number): Record<string, number> {
  const at = [10, 20, 100, 500].map((k, index) => [k, scale * (index + 1)] as const);
  return Object.fromEntries([
    ...at.map(([k, value]) => [`hitRate@${k}`, value] as const),
    ...at.map(([k, value]) => [`recall@${k}`, value] as const),
    ...at.map(([k, value]) => [`ndcg@${k}`, value / 2] as const),
    ['mrr', scale / 3],
    ['coverage', 0.25],
  ]);
}

export const sampleLatency = { meanMs: 0.91, p50Ms: 0.84, p95Ms: 1.4, p99Ms: 12.25, qps: 1098 };

/** A run whose data try to break out of a page and of a terminal. */
export const sampleRun: RunSummary = {
  artifact: { path: 'artifacts/versions/v1', version: 'v1' },
  dataset: {
    name: 'films <b>&',
    users: 610,
    items: 9724,
    interactions: 100_836,
    span: { first: '1996-03-29', last: '2018-09-24' },
    notes: ['Left out 3 rows <script>alert(1)</script>.'],
  },
  model: { parameters: 1_234_567, tableParameters: 1_000_000 },
  training: {
    backend: 'native',
    precision: 'bfloat16',
    epochs: [1, 2, 3].map((epoch) => ({
      epoch,
      trainLoss: 6 / epoch,
      validationLoss: 6.5 / epoch,
      validationHitRate100: 0.1 * epoch,
      learningRate: 0.001 / epoch,
      seconds: 20 + epoch,
      examplesPerSecond: 9000,
    })),
    seconds: 63,
    bestEpoch: 2,
    stoppedEarly: true,
  },
  evaluation: {
    model: sampleMetrics(0.09),
    popularity: sampleMetrics(0.03),
    random: sampleMetrics(0.001),
    users: 600,
    unreachable: 4,
  },
  index: {
    engine: 'hnswlib',
    items: 9724,
    dim: 128,
    m: 16,
    efConstruction: 200,
    efSearch: 100,
    buildSeconds: 3.21,
    bytes: 6_500_000,
    recall: { 'recall@10': 0.999, 'recall@100': 0.98 },
  },
  benchmark: {
    single: sampleLatency,
    batches: [
      { batchSize: 16, usersPerSecond: 1100 },
      { batchSize: 128, usersPerSecond: 1300 },
    ],
  },
  demo: {
    userId: '<7>',
    history: [{ id: 1, name: 'Toy Story (1995)' }, { id: 2 }],
    items: [
      {
        id: 3,
        name: '<img src=x onerror=alert(1)>',
        category: 'Comedy',
        tags: ['warm', 'Comedy', 'funny'],
        score: 0.9876,
      },
      { id: 'b"4', name: 'a\u001b[31m name that goes on and on, past every column a table should have', score: 0.5 },
    ],
  },
};
