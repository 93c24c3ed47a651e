import { z } from 'zod';

export const catalogueFormatVersion = 1;

const count = z.int().min(0);
const labels = z.array(z.string());
const kind = z.enum(['integer', 'string']);

const features = z.object({
  names: labels,
  standardisation: z.object({ mean: z.array(z.number()), scale: z.array(z.number().positive()) }).optional(),
});

/** `catalogue.json`: what the arrays of a catalogue mean, and which of them there are. */
export const catalogueMetaSchema = z.object({
  formatVersion: z.literal(catalogueFormatVersion),
  users: z.object({ kind, count, features: features.optional() }),
  items: z.object({
    kind,
    count,
    named: z.boolean(),
    categories: labels.optional(),
    tags: labels.optional(),
    features: features.optional(),
  }),
});

export type CatalogueMeta = z.output<typeof catalogueMetaSchema>;
export type FeatureMeta = z.output<typeof features>;
