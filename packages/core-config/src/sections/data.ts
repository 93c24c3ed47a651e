import { z } from 'zod';

/** Where interactions come from, and the size of the synthetic world when they come from nowhere else. */
export const dataSchema = z.strictObject({
  source: z
    .string()
    .regex(/^(synthetic|(movielens|recbole|files):.+)$/, 'must be synthetic, movielens:DIR, recbole:DIR or files:DIR')
    .default('synthetic')
    .meta({
      flag: 'data',
      description: 'where interactions come from: synthetic, movielens:DIR, recbole:DIR or files:DIR',
      requirement: 'synthetic, movielens:DIR, recbole:DIR or files:DIR',
    }),
  numUsers: z
    .int()
    .min(10)
    .max(50_000_000)
    .default(10_000)
    .meta({ flag: 'num-users', description: 'users of the synthetic world' }),
  numItems: z
    .int()
    .min(10)
    .max(50_000_000)
    .default(100_000)
    .meta({ flag: 'num-items', description: 'items of the synthetic world' }),
  numInteractions: z
    .int()
    .min(100)
    .max(2_000_000_000)
    .default(500_000)
    .meta({ flag: 'num-interactions', description: 'interactions of the synthetic world' }),
  repeats: z
    .enum(['auto', 'drop', 'rank', 'mask'])
    .default('auto')
    .meta({
      flag: 'repeats',
      description:
        'interactions with an item that the user already has; drop: neither examples nor targets, rank: both, ' +
        'and nothing is masked, mask: both, with masked targets counted apart; auto is what dataset.yaml says, else drop',
    }),
  historyTypes: z.boolean().default(true).meta({
    flag: 'history-types',
    description: 'tell the model the type of each event in a history, where dataset.yaml names a column of types',
  }),
  minUserInteractions: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta({ flag: 'min-user-interactions', description: 'users with fewer interactions are excluded' }),
});

export type DataConfig = z.output<typeof dataSchema>;
