import type { CatalogueField } from '@vector-recall/model-store';
import { ContinuationError } from '../errors';
import { alignNumbers, alignVectors, missingNumbers, unreadNumbers } from './align-numbers';

export interface AlignedFields {
  readonly fields: readonly CatalogueField[];
  /** One sentence for each thing that was set aside. */
  readonly notes: readonly string[];
}

/**
 * Brings the fields of new data to those that a stored model reads, in its order. Labels may be new, numbers and vectors
 * get the standardisation of the stored model, and a field or column that is new is not read.
 *
 * @param owner whose fields they are, for messages
 * @throws ContinuationError that names everything that the model reads and the data does not have
 */
export function alignFields(
  stored: readonly CatalogueField[],
  fresh: readonly CatalogueField[],
  rows: number,
  owner: 'item' | 'user',
): AlignedFields {
  const pairs = stored.map((field) => ({ field, given: fresh.find((other) => isSame(field, other)) }));
  const missing = pairs.flatMap(({ field, given }) => missingOf(field, given));
  if (missing.length > 0) {
    throw new ContinuationError(
      `The stored model reads these ${owner} fields, which the data does not have: ${missing.join(', ')}. ` +
        'Bring them, or leave --from out to train a new model.',
    );
  }
  const unread = fresh.flatMap((field) => {
    const known = stored.find((other) => isSame(field, other));
    if (known === undefined) return [nameOf(field)];
    return known.kind === 'numbers' && field.kind === 'numbers' ? unreadNumbers(known, field) : [];
  });
  return {
    fields: pairs.flatMap(({ field, given }) => (given === undefined ? [] : [alignField(field, given, rows)])),
    notes:
      unread.length === 0
        ? []
        : [`The stored model was trained without these ${owner} fields and does not read them: ${unread.join(', ')}.`],
  };
}

function isSame(a: CatalogueField, b: CatalogueField): boolean {
  return a.kind === b.kind && a.name === b.name;
}

function nameOf(field: CatalogueField): string {
  return field.kind === 'numbers' ? field.names.join(', ') : `${field.name} (${field.kind})`;
}

/** What the model reads of a field and the data does not have, by name. */
function missingOf(stored: CatalogueField, given: CatalogueField | undefined): string[] {
  if (given === undefined) return [nameOf(stored)];
  if (stored.kind === 'numbers' && given.kind === 'numbers') return missingNumbers(stored, given);
  const [was, is] = [sizeOf(stored), sizeOf(given)];
  return was === is ? [] : [`${nameOf(stored)} of width ${was}, now ${is}`];
}

/** What has to be equal for a field to be read by the same weights. */
function sizeOf(field: CatalogueField): number | undefined {
  if (field.kind === 'vectors') return field.width;
  return field.kind === 'text' ? field.count : undefined;
}

function alignField(stored: CatalogueField, given: CatalogueField, rows: number): CatalogueField {
  if (stored.kind === 'numbers' && given.kind === 'numbers') return alignNumbers(stored, given, rows);
  if (stored.kind === 'vectors' && given.kind === 'vectors') return alignVectors(stored, given, rows);
  return given;
}
