import { z } from 'zod';
import { emptyCurve } from '../training/step-curve';

/** Raised when an older trainer would misread a newer checkpoint. */
export const CHECKPOINT_FORMAT = 1;

const count = z.int().min(0);
const randomState = z.object({ words: z.array(z.int()).length(4), spareNormal: z.number().nullable() });

const epochReport = z.object({
  epoch: z.int().min(1),
  trainLoss: z.number(),
  validationLoss: z.number(),
  validationHitRate100: z.number(),
  learningRate: z.number(),
  seconds: z.number(),
  examplesPerSecond: z.number(),
});

const stepFigures = { loss: z.number(), learningRate: z.number(), gradientNorm: z.number() };

const curveSchema = z.object({
  points: z.array(z.object({ step: count, ...stepFigures })),
  pending: z.object({ steps: count, ...stepFigures }),
});

const progressSchema = z.object({
  epoch: z.int().min(1),
  stepInEpoch: count,
  step: count,
  lossSum: z.number(),
  seconds: z.number(),
  totalSeconds: z.number(),
  reports: z.array(epochReport),
  // Absent in checkpoints of older releases: their curve begins where the run is resumed.
  curve: curveSchema.default(() => ({ ...emptyCurve, points: [] })),
  earlyStopping: z.object({ bestEpoch: count, bestValue: z.number().nullable() }),
  negatives: randomState,
  dropout: randomState,
});

/** `state.json` of a checkpoint. */
export const checkpointStateSchema = z.object({
  format: z.literal(CHECKPOINT_FORMAT),
  /** What the run was started with; absent in checkpoints of older releases. */
  run: z
    .object({
      config: z.unknown(),
      from: z.string().optional(),
      historyFrom: z.string().optional(),
    })
    .optional(),
  /** What the weights depend on, by the name of the option. */
  identity: z.record(z.string(), z.string()),
  progress: progressSchema,
  adamSteps: count,
  files: z.record(z.string(), z.object({ bytes: count, sha256: z.string() })),
});

/** What a run was started with, so that it can be resumed without naming it again. */
export type RunRecord = NonNullable<CheckpointState['run']>;

export type CheckpointState = z.output<typeof checkpointStateSchema>;

/** Options and data that decide the weights, each as text; two runs with the same identity reach the same weights. */
export type RunIdentity = Readonly<Record<string, string>>;
