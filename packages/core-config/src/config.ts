import { z } from 'zod';
import { dataSchema } from './sections/data';
import { evaluationSchema } from './sections/evaluation';
import { hnswSchema } from './sections/hnsw';
import { modelSchema } from './sections/model';
import { runtimeSchema } from './sections/runtime';
import { serverSchema } from './sections/server';
import { trainingSchema } from './sections/training';

/** The sections of the options, in the order in which help and documentation show them. */
export const sectionSchemas = {
  data: dataSchema,
  model: modelSchema,
  training: trainingSchema,
  evaluation: evaluationSchema,
  hnsw: hnswSchema,
  runtime: runtimeSchema,
  server: serverSchema,
} as const;

export type SectionName = keyof typeof sectionSchemas;

/** All options of Vector Recall. A config file has this shape, every key optional. */
export const configSchema = z.strictObject({
  data: dataSchema.prefault({}),
  model: modelSchema.prefault({}),
  training: trainingSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  hnsw: hnswSchema.prefault({}),
  runtime: runtimeSchema.prefault({}),
  server: serverSchema.prefault({}),
});

/** The compiled options: every default filled, every range checked. */
export type VectorRecallConfig = z.output<typeof configSchema>;

/** What a config file may hold: any part of {@link VectorRecallConfig}. */
export type VectorRecallConfigInput = z.input<typeof configSchema>;
