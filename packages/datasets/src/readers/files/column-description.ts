import { z } from 'zod';
import { isTimeZone } from '../../tables/time-zone';
import { column } from './table-description';

/** A column by its name alone, or with further keys. */
export const columnWith = <Shape extends z.core.$ZodShape>(keys: Shape) =>
  z.preprocess((value) => (typeof value === 'string' ? { column: value } : value), z.strictObject({ column, ...keys }));

const UNITS = {
  s: 's',
  seconds: 's',
  ms: 'ms',
  milliseconds: 'ms',
  us: 'us',
  microseconds: 'us',
  ns: 'ns',
  nanoseconds: 'ns',
  iso: 'iso',
} as const;

/** How a column writes time. */
export const timeKeys = {
  unit: z
    .enum(['s', 'ms', 'us', 'ns', 'seconds', 'milliseconds', 'microseconds', 'nanoseconds', 'iso'])
    .transform((unit) => UNITS[unit]),
  zone: z.string().refine(isTimeZone, 'is no time zone; write UTC, a name such as Europe/Berlin, or +02:00').optional(),
};
