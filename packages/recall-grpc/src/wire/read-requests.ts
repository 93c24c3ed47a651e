import type { Filter } from '@vector-recall/item-catalogue';
import type { RecallRequest, Rules, ShownRequest, SimilarItemsRequest } from '@vector-recall/recall-service';
import { MAX_CONTEXT_PARTS, type WireLimits } from '../contract/limits';
import { WireRequestError } from '../errors';
import { IdLists, type Id } from './id-lists';
import { FIXED32, readMessage, type ProtoReader } from './proto-reader';
import { readFilter } from './read-filter';
import { readRules } from './read-rules';
import { delimited, fixed32, varint } from './tags';

type Floats = Float32Array | number[];

/**
 * What the service is asked, read straight from the bytes of a `RecallRequest`. Only what the bytes alone can tell is
 * checked here; ranges and kinds are the service's to check.
 *
 * @throws WireRequestError
 */
export function readRecallRequest(bytes: Buffer, limits: Pick<WireLimits, 'maxIds'>): RecallRequest {
  return readMessage('RecallRequest', bytes, (reader) => {
    const ids = new IdLists(limits.maxIds);
    let userId: Id | undefined;
    let features: Floats | undefined;
    let history: Id[] | undefined;
    let topK = 0;
    let excludeItemIds: Id[] | undefined;
    let excludeSeen: boolean | undefined;
    let efSearch = 0;
    let queryVector: Floats | undefined;
    let context: Map<string, string> | undefined;
    let filter: Filter | undefined;
    let rules: Rules | undefined;
    let historyTypes: string[] | undefined;
    let historyWeights: Floats | undefined;
    let negativeItemIds: Id[] | undefined;
    let shown: ShownRequest | undefined;
    while (!reader.isDone) {
      const tag = reader.tag();
      if (tag === varint(1)) userId = reader.int64();
      else if (tag === delimited(2)) userId = reader.text();
      else if (tag === delimited(3) || tag === fixed32(3)) features = readFloats(reader, tag, features);
      else if (tag === delimited(4)) history = ids.read('history', reader, history);
      else if (tag === varint(5)) topK = reader.uint32();
      else if (tag === delimited(6)) excludeItemIds = ids.read('exclude_item_ids', reader, excludeItemIds);
      else if (tag === varint(7)) excludeSeen = reader.bool();
      else if (tag === varint(8)) efSearch = reader.uint32();
      else if (tag === delimited(9) || tag === fixed32(9)) queryVector = readFloats(reader, tag, queryVector);
      else if (tag === delimited(10)) filter = readFilter(reader.message(), ids);
      else if (tag === delimited(11)) context = readLabel(reader, context);
      else if (tag === delimited(12)) rules = readRules(reader.message(), ids);
      else if (tag === delimited(13) || tag === fixed32(13)) historyWeights = readFloats(reader, tag, historyWeights);
      else if (tag === delimited(14)) negativeItemIds = ids.read('negative_item_ids', reader, negativeItemIds);
      else if (tag === delimited(15)) shown = readShown(reader.message(), ids);
      else if (tag === delimited(17)) historyTypes = readType(reader, limits.maxIds, historyTypes);
      else reader.skip(tag);
    }
    return {
      userId,
      features,
      history,
      historyTypes,
      historyWeights,
      negativeItemIds,
      shown,
      queryVector,
      context: context && Object.fromEntries(context),
      excludeSeen,
      topK,
      excludeItemIds,
      // The model's own.
      efSearch: efSearch === 0 ? undefined : efSearch,
      filter,
      rules,
    };
  });
}

/**
 * A request for the neighbours of an item.
 * @throws WireRequestError
 */
export function readSimilarItemsRequest(bytes: Buffer, limits: Pick<WireLimits, 'maxIds'>): SimilarItemsRequest {
  return readMessage('SimilarItemsRequest', bytes, (reader) => {
    const ids = new IdLists(limits.maxIds);
    let itemId: Id | undefined;
    let topK = 0;
    let excludeItemIds: Id[] | undefined;
    let efSearch = 0;
    let filter: Filter | undefined;
    let rules: Rules | undefined;
    while (!reader.isDone) {
      const tag = reader.tag();
      if (tag === varint(1)) itemId = reader.int64();
      else if (tag === delimited(2)) itemId = reader.text();
      else if (tag === varint(3)) topK = reader.uint32();
      else if (tag === delimited(4)) excludeItemIds = ids.read('exclude_item_ids', reader, excludeItemIds);
      else if (tag === varint(5)) efSearch = reader.uint32();
      else if (tag === delimited(6)) filter = readFilter(reader.message(), ids);
      else if (tag === delimited(7)) rules = readRules(reader.message(), ids);
      else reader.skip(tag);
    }
    if (itemId === undefined) {
      throw new WireRequestError('item', 'item is not set; set integer_item_id or string_item_id to start from.');
    }
    return { itemId, topK, excludeItemIds, efSearch: efSearch === 0 ? undefined : efSearch, filter, rules };
  });
}

/**
 * The label that a request names, empty for none. Read on its own: few servers have two versions.
 * @param field number of `version_label` in the message
 * @throws WireRequestError
 */
export function readVersionLabel(
  message: 'RecallRequest' | 'SimilarItemsRequest',
  bytes: Buffer,
  field: number,
): string {
  return readMessage(message, bytes, (reader) => {
    let label = '';
    while (!reader.isDone) {
      const tag = reader.tag();
      if (tag === delimited(field)) label = reader.text();
      else reader.skip(tag);
    }
    return label;
  });
}

/**
 * The entries of a `BatchRecallRequest` or an `EncodeUsersRequest`, each still to be read, so that one that can't be read
 * doesn't fail the rest.
 * @throws WireRequestError
 */
export function splitBatch(
  bytes: Buffer,
  { maxBatch }: Pick<WireLimits, 'maxBatch'>,
  message: 'BatchRecallRequest' | 'EncodeUsersRequest' = 'BatchRecallRequest',
): Buffer[] {
  const entries = readMessage(message, bytes, (reader) => {
    const found: Buffer[] = [];
    while (!reader.isDone && found.length <= maxBatch) {
      const tag = reader.tag();
      if (tag !== delimited(1)) {
        reader.skip(tag);
        continue;
      }
      const { start, end } = reader.slice();
      found.push(bytes.subarray(start, end));
    }
    return found;
  });
  if (entries.length >= 1 && entries.length <= maxBatch) return entries;
  const count = entries.length === 0 ? 'no entries' : `more than ${maxBatch} entries`;
  const field = message === 'BatchRecallRequest' ? 'requests' : 'users';
  throw new WireRequestError(field, `${field} has ${count}, but it must have from 1 to ${maxBatch}.`);
}

/** Appends the type of an event; there are as many as the history may have ids. */
function readType(reader: ProtoReader, most: number, before: string[] = []): string[] {
  if (before.length === most) {
    throw new WireRequestError(
      'history_types',
      `history_types has more than ${most} values; send one for each item of history, of which max-ids allows ${most}.`,
    );
  }
  before.push(reader.text());
  return before;
}

function readShown(reader: ProtoReader, ids: IdLists): ShownRequest {
  let itemIds: Id[] | undefined;
  let seconds = 0;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) itemIds = ids.read('shown', reader, itemIds);
    else if (tag === varint(2)) seconds = reader.uint32();
    else reader.skip(tag);
  }
  return { itemIds, withinSeconds: seconds === 0 ? undefined : seconds };
}

/** Adds an entry of `RecallRequest.context`: a name and its label, each empty where it is not set. */
function readLabel(list: ProtoReader, before: Map<string, string> | undefined): Map<string, string> {
  const context = before ?? new Map<string, string>();
  const reader = list.message();
  let name = '';
  let label = '';
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) name = reader.text();
    else if (tag === delimited(2)) label = reader.text();
    else reader.skip(tag);
  }
  context.set(name, label);
  if (context.size <= MAX_CONTEXT_PARTS) return context;
  throw new WireRequestError(
    'context',
    `context has more than ${MAX_CONTEXT_PARTS} parts; send those that the model reads.`,
  );
}

/** Appends a packed list of floats, or one float; `undefined` stands for none. */
function readFloats(reader: ProtoReader, tag: number, before: Floats | undefined): Floats | undefined {
  const values = (tag & 7) === FIXED32 ? [reader.float()] : reader.floats();
  if (values.length === 0) return before;
  if (before === undefined) return values;
  // A list may come in as many pieces as it has values: they are pushed, not copied again and again.
  const all = Array.isArray(before) ? before : [...before];
  for (const value of values) all.push(value);
  return all;
}
