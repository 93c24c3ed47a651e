import { z } from 'zod';

export const catalogueFormatVersion = 2;

const count = z.int().min(0);
const size = z.int().min(1);
const name = z.string();
const labels = z.array(z.string());
const kind = z.enum(['integer', 'string']);
const standardisation = z.object({ mean: z.array(z.number()), scale: z.array(z.number().positive()) }).optional();

const field = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('category'), name, labels }),
  z.object({ kind: z.enum(['path', 'tags']), name, labels }),
  z.object({ kind: z.literal('text'), name, count: size }),
  z.object({ kind: z.literal('numbers'), name, names: labels, standardisation }),
  z.object({ kind: z.literal('vectors'), name, width: size, standardisation }),
]);

const context = z.object({ name, labels });

/** `catalogue.json`: what the arrays of a catalogue mean, and which of them there are. */
export const catalogueMetaSchema = z.object({
  formatVersion: z.literal(catalogueFormatVersion),
  users: z.object({
    kind,
    count,
    fields: z.array(field),
    context: z.array(context).default([]),
    /** Absent where histories don't tell the types of their events. */
    eventTypes: labels.optional(),
  }),
  items: z.object({ kind, count, named: z.boolean(), fields: z.array(field) }),
});

export type CatalogueMeta = z.output<typeof catalogueMetaSchema>;
export type FieldMeta = z.output<typeof field>;
