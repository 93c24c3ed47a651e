import { z } from 'zod';

/** The final evaluation: leave-last-out, full ranking, training items masked. */
export const evaluationSchema = z.strictObject({
  cutoffs: z
    .array(z.int().min(1).max(10_000))
    .min(1)
    .default([10, 20, 100, 500])
    .meta({ flag: 'cutoffs', description: 'list lengths K at which metrics are reported' }),
  maxUsers: z.int().min(0).default(0).meta({
    flag: 'max-eval-users',
    description: 'users evaluated, sampled with the seed; 0 evaluates all',
    unit: 'users',
  }),
});

export type EvaluationConfig = z.output<typeof evaluationSchema>;
