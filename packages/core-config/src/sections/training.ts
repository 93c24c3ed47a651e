import { z } from 'zod';
import { presetNames } from './training-presets';

/** The loss, its negatives and the optimiser. */
export const trainingSchema = z.strictObject({
  preset: z
    .enum(['auto', ...presetNames])
    .default('auto')
    .meta({
      flag: 'preset',
      description: 'fills the options of model and training that are not given; auto lets the presets race on the log',
    }),
  epochs: z
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .meta({ flag: 'epochs', description: 'passes over the training events' }),
  maxSteps: z.int().min(0).max(1_000_000_000).default(0).meta({
    flag: 'max-steps',
    description: 'most training steps, rounded to whole epochs, at least one; 0 sets no limit',
    unit: 'steps',
  }),
  batchSize: z
    .int()
    .min(2)
    .max(1_000_000)
    .default(1024)
    .meta({ flag: 'batch-size', description: 'positives per step', unit: 'examples' }),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(0.001)
    .meta({ flag: 'lr', description: 'peak learning rate of Adam' }),
  warmupFraction: z
    .number()
    .min(0)
    .lt(1)
    .default(0.05)
    .meta({ flag: 'warmup-fraction', description: 'share of all steps in which the learning rate rises from zero' }),
  finalLearningRateFraction: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .meta({ flag: 'final-lr-fraction', description: 'learning rate at the last step as a share of the peak' }),
  weightDecay: z.number().min(0).max(10).default(0).meta({
    flag: 'weight-decay',
    description: 'decoupled weight decay, as a share of a weight per unit of learning rate',
  }),
  gradientClipNorm: z
    .number()
    .min(0)
    .default(1)
    .meta({ flag: 'gradient-clip-norm', description: 'largest global gradient norm; 0 turns clipping off' }),
  temperature: z
    .number()
    .min(0.001)
    .max(10)
    .default(0.1)
    .meta({ flag: 'temperature', description: 'divisor of the cosine in the softmax' }),
  negatives: z.enum(['sampled', 'in-batch', 'mixed', 'pool', 'full']).default('in-batch').meta({
    flag: 'negatives',
    description:
      'where the negatives of the softmax come from; pool draws some for all rows of a batch, full takes the whole catalogue',
  }),
  numNegatives: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .meta({ flag: 'num-negatives', description: 'negatives drawn per positive with --negatives sampled' }),
  sharedPoolSize: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1024)
    .meta({ flag: 'shared-pool-size', description: 'negatives shared by a batch with --negatives mixed and pool' }),
  negativeSamplingPower: z.number().min(0).max(1).default(0).meta({
    flag: 'negative-sampling-power',
    description: 'drawn negatives follow popularity to this power; 0 is uniform',
  }),
  logQCorrection: z
    .boolean()
    .default(true)
    .meta({ flag: 'log-q-correction', description: 'correct scores for how often an item is drawn as a negative' }),
  eventHalfLife: z.number().min(0).max(100_000).default(0).meta({
    flag: 'event-half-life',
    description: 'age at which an event counts half in the loss; 0 counts all alike',
    unit: 'days',
  }),
  userDropout: z.number().min(0).lt(1).default(0.1).meta({
    flag: 'user-dropout',
    description: 'share of training examples whose user counts as unknown, so that new users are served well',
  }),
  itemDropout: z.number().min(0).lt(1).default(0).meta({
    flag: 'item-dropout',
    description: 'share of the items of a step whose id is hidden, so that new items are served by their attributes',
  }),
  precision: z.enum(['auto', 'float32', 'bfloat16']).default('auto').meta({
    flag: 'precision',
    description:
      'what native ops round the operands of matrix products to; auto is float32, and bfloat16 needs a processor with AVX512_BF16',
  }),
  split: z.enum(['leave-last-out', 'random-80-20', 'random-8-1-1']).default('leave-last-out').meta({
    flag: 'split',
    description: 'what is held out; the random ones are those of papers, to compare under their rules',
  }),
  coldUsers: z.number().min(0).max(0.5).default(0).meta({
    flag: 'cold-users',
    description: 'share of users kept out of training altogether and evaluated separately',
  }),
  coldItems: z.number().min(0).max(0.5).default(0).meta({
    flag: 'cold-items',
    description: 'share of items kept out of training altogether and evaluated separately',
  }),
  earlyStoppingPatience: z.int().min(0).max(1000).default(3).meta({
    flag: 'early-stopping-patience',
    description: 'epochs without a better validation HitRate@100 before training stops; 0 never stops early',
    unit: 'epochs',
  }),
  refit: z.boolean().default(false).meta({
    flag: 'refit',
    description: 'train again with the validation events, for as many epochs as were best; leave-last-out only',
  }),
  validationUsers: z
    .int()
    .min(1)
    .default(2000)
    .meta({ flag: 'validation-users', description: 'users sampled for the validation of an epoch', unit: 'users' }),
  seed: z.int().min(0).max(0xffffffff).default(42).meta({ flag: 'seed', description: 'seed of every random stream' }),
});

export type TrainingConfig = z.output<typeof trainingSchema>;
