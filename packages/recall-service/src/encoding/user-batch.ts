import { numbersOf, type Catalogue } from '@vector-recall/model-store';
import type { UserBatch } from '@vector-recall/towers/serving';
import type { ParsedRequest } from '../request/request-parser';

/** What the user tower reads of a request. */
export type EncodableRequest = Pick<ParsedRequest, 'userRow' | 'features' | 'history' | 'context'>;

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
  const histories = requests.map(({ userRow, history }) => {
    const given = history ?? storedHistory(catalogue, userRow);
    const whole = items === catalogue.itemIds.size ? given : given.filter((row) => row < items);
    return whole.subarray(Math.max(0, whole.length - historyLength));
  });
  const historyOffsets = new Int32Array(requests.length + 1);
  histories.forEach(({ length }, i) => (historyOffsets[i + 1] = historyOffsets[i] + length));
  const historyItems = new Int32Array(historyOffsets[requests.length]);
  histories.forEach((items, i) => {
    historyItems.set(items, historyOffsets[i]);
  });
  const users = Int32Array.from(requests, ({ userRow }) => userRow);
  const features = featuresOf(requests, catalogue);
  return { users, historyOffsets, historyItems, features, context: contextOf(requests, catalogue) };
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

/** What a user has, oldest first; nothing for a row of -1. */
export function storedHistory({ history }: Catalogue, userRow: number): Int32Array {
  if (userRow < 0) return new Int32Array(0);
  return history.items.subarray(history.offsets[userRow], history.offsets[userRow + 1]);
}
