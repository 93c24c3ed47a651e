import type { AttributeValue, Id as LiveId, LiveEvent, LiveItem, NewChange } from '@vector-recall/live-index';
import { WireRequestError } from '../errors';
import type { Attribute, Event, Id, Item, User } from '../gen/recall/v1/items';

/** @param field of the request, for messages; @throws WireRequestError */
export function readId(field: string, id: Id | undefined): LiveId {
  const value = id?.integer ?? id?.text;
  if (value === undefined) throw new WireRequestError(field, `${field} is not set; set integer or text.`);
  return value;
}

/** @throws WireRequestError */
export function readItem(item: Item, place: number): LiveItem {
  const { vector, attributes, name } = item;
  return {
    id: readId(`items[${place}].id`, item.id),
    ...(vector.length === 0 ? {} : { vector: Float32Array.from(vector) }),
    ...(attributes.length === 0 ? {} : { attributes: readAttributes(attributes, place) }),
    ...(name === '' ? {} : { name }),
  };
}

function readAttributes(attributes: readonly Attribute[], place: number): Record<string, AttributeValue> {
  const entries = attributes.map(({ name, labels, numbers }): [string, AttributeValue] => {
    const field = `items[${place}].attributes`;
    if (name === '') throw new WireRequestError(field, `${field} holds one without a name.`);
    if (labels.length > 0 && numbers.length > 0) {
      throw new WireRequestError(field, `${field}: ${name} has labels and numbers, but an attribute has one of them.`);
    }
    if (numbers.length > 0) return [name, numbers.length === 1 ? numbers[0] : numbers];
    return [name, labels.length === 1 ? labels[0] : labels];
  });
  return Object.fromEntries(entries);
}

export function writeItem({ id, vector, attributes = {}, name = '' }: LiveItem): Item {
  return {
    id: writeId(id),
    vector: vector === undefined ? [] : Array.from(vector),
    attributes: Object.entries(attributes).map(([attribute, value]) => writeAttribute(attribute, value)),
    name,
  };
}

function writeAttribute(name: string, value: AttributeValue): Attribute {
  const values = typeof value === 'object' ? value : [value];
  const isNumbers = values.length > 0 && values.every((entry) => typeof entry === 'number');
  return { name, labels: isNumbers ? [] : values.map(String), numbers: isNumbers ? values.map(Number) : [] };
}

export function writeId(id: LiveId): Id {
  return typeof id === 'number' ? { integer: id } : { text: id };
}

export function readUser(user: User, place: number): Extract<NewChange, { kind: 'upsert-user' }>['user'] {
  const { features } = user;
  return { id: readId(`users[${place}].id`, user.id), ...(features.length === 0 ? {} : { features }) };
}

/**
 * The events of each user, in the order of the request.
 * @param now in milliseconds since 1970, for events without a time
 * @throws WireRequestError
 */
export function readEvents(events: readonly Event[], now: number): Extract<NewChange, { kind: 'append-events' }>[] {
  const byUser = new Map<LiveId, LiveEvent[]>();
  for (const [place, { userId, itemId, atMillis, type }] of events.entries()) {
    const user = readId(`events[${place}].user_id`, userId);
    const list = byUser.get(user) ?? [];
    list.push({
      itemId: readId(`events[${place}].item_id`, itemId),
      at: atMillis === 0 ? now : atMillis,
      ...(type === '' ? {} : { type }),
    });
    byUser.set(user, list);
  }
  return [...byUser].map(([userId, list]) => ({ kind: 'append-events', userId, events: list }));
}
