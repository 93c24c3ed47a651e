import type { ContextField } from '@vector-recall/model-store';
import { RecallRequestError } from '../errors';

/**
 * The label of each part of the context that the model reads, -1 where the request lacks it or it was never seen in
 * training.
 *
 * @param given the caller's, whatever its type says
 * @throws RecallRequestError where it is no object of strings, or has a part that the model does not read
 */
export function contextLabels(given: unknown, known: readonly ContextField[], entry: number | undefined): number[] {
  if (!isRecord(given) || Object.values(given).some((label) => typeof label !== 'string')) {
    throw new RecallRequestError('context', (names) => `${names.of('context')} must be an object of strings.`, entry);
  }
  const foreign = Object.keys(given).find((name) => !known.some((part) => part.name === name));
  if (foreign !== undefined) {
    const list = known.map(({ name }) => name).join(', ');
    const reads = known.length === 0 ? 'none; leave it out' : list;
    const problem = `has ${JSON.stringify(foreign)}, but this model reads ${reads}`;
    throw new RecallRequestError('context', (names) => `${names.of('context')} ${problem}.`, entry);
  }
  return known.map(({ name, labels }) => (Object.hasOwn(given, name) ? labels.indexOf(String(given[name])) : -1));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
