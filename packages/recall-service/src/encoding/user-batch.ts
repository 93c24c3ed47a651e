import { numbersOf, type Catalogue } from '@vector-recall/model-store';
import type { UserBatch } from '@vector-recall/towers/serving';
import type { ParsedRequest } from '../request/request-parser';

/** What the user tower reads of a request. */
export type EncodableRequest = Pick<ParsedRequest, 'userRow' | 'features' | 'history' | 'historyTypes' | 'context'>;

/**
 * Requests in the columns that the user tower takes.
 * @param historyLength newest items of a history that are read
 * @param items that the tower knows; those that came later are passed over
 */
export function userBatch(
  requests: readonly EncodableRequest[],
  catalogue: Catalogue,
  historyLength: number,
  items = catalogue.itemIds.size,
): UserBatch {
  const histories = requests.map((request) => readHistory(request, catalogue, { most: historyLength, items }));
  const historyOffsets = new Int32Array(requests.length + 1);
  histories.forEach(({ rows }, i) => (historyOffsets[i + 1] = historyOffsets[i] + rows.length));
  const historyItems = new Int32Array(historyOffsets[requests.length]);
  // The towers take types for all entries of a batch or for none.
  const historyTypes = catalogue.eventTypes && new Int32Array(historyItems.length).fill(-1);
  histories.forEach(({ rows, types }, i) => {
    historyItems.set(rows, historyOffsets[i]);
    if (types !== undefined) historyTypes?.set(types, historyOffsets[i]);
  });
  const users = Int32Array.from(requests, ({ userRow }) => userRow);
  const features = featuresOf(requests, catalogue);
  return { users, historyOffsets, historyItems, historyTypes, features, context: contextOf(requests, catalogue) };
}

/** The newest events of a history, as far as the tower knows their items. */
function readHistory(
  { userRow, history, historyTypes }: EncodableRequest,
  catalogue: Catalogue,
  { most, items }: { readonly most: number; readonly items: number },
): StoredHistory {
  const whole = history === undefined ? storedHistory(catalogue, userRow) : { rows: history, types: historyTypes };
  const isKnown = (place: number): boolean => whole.rows[place] < items;
  const { rows, types } =
    items === catalogue.itemIds.size
      ? whole
      : {
          rows: whole.rows.filter((_, place) => isKnown(place)),
          types: whole.types?.filter((_, place) => isKnown(place)),
        };
  const start = Math.max(0, rows.length - most);
  return { rows: rows.subarray(start), types: types?.subarray(start) };
}

/** `[requests, width]`; the towers take fresh features for all users of a batch or for none. */
function featuresOf(requests: readonly EncodableRequest[], { userFields }: Catalogue): Float32Array | undefined {
  const numbers = numbersOf(userFields);
  if (numbers === undefined || requests.every(({ features }) => features === undefined)) return undefined;
  const { width, values } = numbers;
  const out = new Float32Array(requests.length * width);
  requests.forEach(({ userRow, features }, i) => {
    // Of an unknown user nothing is known: zeros, as in the tower itself.
    if (features) out.set(features, i * width);
    else if (userRow >= 0) out.set(values.subarray(userRow * width, (userRow + 1) * width), i * width);
  });
  return out;
}

/** The labels of all requests for each part of the context; absent where no request brings any. */
function contextOf(requests: readonly EncodableRequest[], { context }: Catalogue): Int32Array[] | undefined {
  if (requests.every((request) => request.context === undefined)) return undefined;
  return context?.map((_, place) => Int32Array.from(requests, (request) => request.context?.[place] ?? -1));
}

/** What a user has, oldest first. */
export interface StoredHistory {
  /** Item rows. */
  readonly rows: Int32Array;
  /** `[rows]`: the type of each event, -1 where it is unknown; absent where all are. */
  readonly types?: Int32Array;
}

/** Nothing for a row of -1. */
export function storedHistory({ history }: Catalogue, userRow: number): StoredHistory {
  if (userRow < 0) return { rows: new Int32Array(0) };
  const [start, end] = [history.offsets[userRow], history.offsets[userRow + 1]];
  return { rows: history.items.subarray(start, end), types: history.types?.subarray(start, end) };
}
