import { FilterSyntaxError, parseFilter } from '@vector-recall/item-catalogue';
import { StandingError } from '../errors';

/** What holds for every request, whatever it says. */
export interface Standing {
  /** Items that are never returned. Ids that a catalogue does not hold wait for their items. */
  readonly deniedItemIds: readonly (number | string)[];
  /** The only items that are returned, as text; absent where all are. */
  readonly filter?: string;
}

export const standingLimits = {
  maxDenied: 100_000,
  /** Of the filter's text. */
  maxFilterCharacters: 100_000,
} as const;

/** What a service reads; a `StandingStore` is one. */
export interface StandingSource {
  /** A new object with each change; `undefined` where nothing holds. */
  readonly current: Standing | undefined;
}

/**
 * Checks what does not depend on a model, and drops repeated ids.
 * @param given from outside, whatever its type says
 * @throws StandingError
 */
export function toStanding(given: unknown): Standing {
  if (!isRecord(given)) throw new StandingError('Standing rules must be an object with deniedItemIds and a filter.');
  const { deniedItemIds, filter } = given;
  const { maxDenied } = standingLimits;
  if (!Array.isArray(deniedItemIds) || !deniedItemIds.every(isId)) {
    throw new StandingError('The denied items must be a list of ids, integers or strings.');
  }
  if (deniedItemIds.length > maxDenied) {
    const problem = `There are ${deniedItemIds.length} denied items, but at most ${maxDenied} are kept`;
    throw new StandingError(`${problem}; hide more by a filter on an attribute.`);
  }
  const ids = [...new Set<number | string>(deniedItemIds)];
  return filter === undefined ? { deniedItemIds: ids } : { deniedItemIds: ids, filter: checkedFilter(filter) };
}

function checkedFilter(filter: unknown): string {
  if (typeof filter !== 'string' || filter.length > standingLimits.maxFilterCharacters) {
    throw new StandingError(
      `The standing filter must be text of at most ${standingLimits.maxFilterCharacters} characters.`,
    );
  }
  try {
    parseFilter(filter);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw new StandingError(`The standing filter is wrong: ${error.message}`);
    throw error;
  }
  return filter;
}

function isId(value: unknown): value is number | string {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
