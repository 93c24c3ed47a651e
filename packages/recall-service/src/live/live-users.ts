import type { LiveEvent, LiveState } from '@vector-recall/live-index';
import { numbersOf, type Catalogue, type IdColumn } from '@vector-recall/model-store';
import { storedHistory } from '../encoding/user-batch';
import { standardise } from '../request/features';
import type { ParsedRequest } from '../request/request-parser';
import { resolveId } from '../request/resolve-id';

/** What is known of users since the training. */
export class LiveUsers {
  constructor(
    private readonly state: LiveState,
    private readonly catalogue: Catalogue,
    /** Those of the catalogue, and of items that came later. */
    private readonly itemIds: IdColumn,
  ) {}

  /**
   * A request with what is known of its user: one who was erased is a stranger; newer events follow the stored history, and
   * newer features take the place of the stored ones, unless the request brings its own.
   */
  complete(parsed: ParsedRequest, userId: number | string): ParsedRequest {
    const { userIds } = this.catalogue;
    const id = parsed.userRow >= 0 ? userIds.idAt(parsed.userRow) : userId;
    const user = this.state.user(id);
    const events = this.state.eventsOf(id);
    if (user === undefined && events.length === 0) return parsed;
    const userRow = user?.kind === 'delete-user' ? -1 : parsed.userRow;
    const isTold = parsed.history !== undefined || events.length === 0;
    const told = isTold ? parsed : this.#history(userRow, events);
    const given = user?.kind === 'upsert-user' ? user.user.features : undefined;
    const { history, historyTypes } = told;
    return { ...parsed, userRow, history, historyTypes, features: parsed.features ?? this.#standardised(given) };
  }

  /** Those that were given beside a model of other features say nothing to this one. */
  #standardised(features: readonly number[] | undefined): Float32Array | undefined {
    const numbers = numbersOf(this.catalogue.userFields);
    return features?.length === numbers?.width ? features && standardise(features, numbers, undefined) : undefined;
  }

  #history(userRow: number, events: readonly LiveEvent[]): Pick<ParsedRequest, 'history' | 'historyTypes'> {
    const { rows, types } = storedHistory(this.catalogue, userRow);
    const { eventTypes = [] } = this.catalogue;
    const history = [...rows];
    const historyTypes = types === undefined ? history.map(() => -1) : [...types];
    for (const { itemId, type } of events) {
      const row = resolveId(this.itemIds, itemId);
      if (row === undefined) continue;
      history.push(row);
      historyTypes.push(type === undefined ? -1 : eventTypes.indexOf(type));
    }
    return { history: Int32Array.from(history), historyTypes: Int32Array.from(historyTypes) };
  }
}
