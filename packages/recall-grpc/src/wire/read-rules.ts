import {
  rulesLimits,
  type Boost,
  type Cap,
  type Decay,
  type Promotion,
  type Rules,
} from '@vector-recall/recall-service';
import { WireRequestError } from '../errors';
import type { IdLists } from './id-lists';
import type { ProtoReader } from './proto-reader';
import { delimited, fixed64, varint } from './tags';

/**
 * The rules in a field of a request. Their attributes and ranges are the service's to check.
 * @param ids the lists of ids of the request, which the promoted ones are counted with
 * @throws WireRequestError
 */
export function readRules(reader: ProtoReader, ids: IdLists): Rules {
  let pool = 0;
  const caps: Cap[] = [];
  let diversity: Rules['diversity'];
  const decays: Decay[] = [];
  const boosts: Boost[] = [];
  let promoted: Promotion | undefined;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === varint(1)) pool = reader.uint32();
    else if (tag === delimited(2)) add('caps', caps, readCap(reader.message()));
    else if (tag === delimited(3)) diversity = readDiversity(reader.message());
    else if (tag === delimited(4)) add('decays', decays, readDecay(reader.message()));
    else if (tag === delimited(5)) add('boosts', boosts, readBoost(reader.message()));
    else if (tag === delimited(6)) promoted = readPromotion(reader.message(), ids);
    else reader.skip(tag);
  }
  // 0 stands for four times top_k.
  return { pool: pool === 0 ? undefined : pool, caps, diversity, decays, boosts, promoted };
}

function add<Entry>(field: string, list: Entry[], entry: Entry): void {
  if (list.push(entry) <= rulesLimits.maxEntries) return;
  throw new WireRequestError('rules', `rules.${field} has more than ${rulesLimits.maxEntries} entries; send fewer.`);
}

function readCap(reader: ProtoReader): Cap {
  let attribute = '';
  let most = 0;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) attribute = reader.text();
    else if (tag === varint(2)) most = reader.uint32();
    else reader.skip(tag);
  }
  return { attribute, most };
}

function readDiversity(reader: ProtoReader): Rules['diversity'] {
  let lambda = 0;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === fixed64(1)) lambda = reader.double();
    else reader.skip(tag);
  }
  return { lambda };
}

function readDecay(reader: ProtoReader): Decay {
  const { attribute, value } = readWeighted(reader);
  return { attribute, halfLife: value };
}

function readBoost(reader: ProtoReader): Boost {
  const { attribute, value } = readWeighted(reader);
  return { attribute, weight: value };
}

/** An attribute and a number that goes with it. */
function readWeighted(reader: ProtoReader): { readonly attribute: string; readonly value: number } {
  let attribute = '';
  let value = 0;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) attribute = reader.text();
    else if (tag === fixed64(2)) value = reader.double();
    else reader.skip(tag);
  }
  return { attribute, value };
}

function readPromotion(reader: ProtoReader, ids: IdLists): Promotion {
  let itemIds: Promotion['itemIds'] = [];
  let quota = 0;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) itemIds = ids.read('rules', reader, [...itemIds]);
    else if (tag === varint(2)) quota = reader.uint32();
    else reader.skip(tag);
  }
  return { itemIds, quota };
}
