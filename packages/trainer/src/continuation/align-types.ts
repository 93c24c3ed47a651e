import type { InteractionLog } from '@vector-recall/datasets';
import { ContinuationError } from '../errors';

export interface AlignedTypes {
  readonly interactions: InteractionLog;
  /** One sentence for each thing that was set aside. */
  readonly notes: readonly string[];
}

/**
 * Brings new data to what the histories of a stored model tell of their events: the types, some of which may be new, or
 * none.
 *
 * @param stored names of the types that the model reads; absent where it reads none
 * @throws ContinuationError where the model reads types and the histories of the data tell none
 */
export function alignTypes(stored: readonly string[] | undefined, log: InteractionLog): AlignedTypes {
  const { types } = log;
  const tells = types?.inHistories === true;
  if (stored === undefined) {
    if (!tells) return { interactions: log, notes: [] };
    return {
      interactions: { ...log, types: { ...types, inHistories: false } },
      notes: ['The stored model was trained without types of events in histories and does not read them.'],
    };
  }
  if (tells) return { interactions: log, notes: [] };
  throw new ContinuationError(
    `The histories of the stored model tell the types of events ${stored.join(', ')}, and those of the data do not. ` +
      'Bring them with --history-types, or leave --from out to train a new model.',
  );
}
