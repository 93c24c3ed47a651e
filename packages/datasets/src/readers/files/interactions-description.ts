import { z } from 'zod';
import { columnWith, timeKeys } from './column-description';
import { column, table } from './table-description';

const timestamp = columnWith({ ...timeKeys, unit: timeKeys.unit.default('s') });

/** The schema of the section `interactions` of `dataset.yaml`. */

const value = z.union([z.string(), z.number(), z.boolean()]);

const keep = z
  .strictObject({
    column,
    atLeast: z.number().optional(),
    equals: value.optional(),
    in: z.array(value).min(1).optional(),
  })
  .refine(
    ({ atLeast, equals, in: listed }) => atLeast !== undefined || equals !== undefined || listed !== undefined,
    'keep needs atLeast, equals or in',
  );

const type = columnWith({
  weights: z
    .record(z.string(), z.number())
    .refine((weights) => Object.keys(weights).length > 0, 'weights must name at least one type')
    .optional(),
});

const weight = columnWith({ scale: z.enum(['linear', 'log']).default('linear'), neutral: z.number().default(0) });

export const interactionsSchema = z
  .strictObject({
    ...table,
    user: column,
    item: column,
    timestamp: timestamp.optional(),
    order: z.literal('rows').optional(),
    keep: z
      .union([keep, z.array(keep)])
      .default([])
      .transform((conditions) => [conditions].flat()),
    type: type.optional(),
    target: z.string().min(1).optional(),
    weight: weight.optional(),
    repeats: z.enum(['drop', 'rank', 'mask']).optional(),
    context: z.array(column).default([]),
  })
  .superRefine(({ timestamp: time, order, type: types, target }, issues) => {
    const refuse = (key: string, message: string): void => {
      issues.addIssue({ code: 'custom', path: [key], message });
    };
    if (order !== undefined && time !== undefined) refuse('order', 'order: rows is for a log without a timestamp');
    if (target === undefined) return;
    if (types === undefined) refuse('target', 'a target needs type, the column of the event types');
    else if (types.weights !== undefined && !((types.weights[target] ?? 0) > 0)) {
      refuse('target', `the target ${target} needs a weight above 0 in type.weights`);
    }
  });

export type InteractionsDescription = z.output<typeof interactionsSchema>;
