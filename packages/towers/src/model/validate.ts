import { TowerInputError } from '../errors';
import { numbersOf, sizeOf, type ContextInput, type FieldInput } from '../fields/field-input';
import type { ItemInputs, TowerInputs, UserBatch } from './types';

/** @throws TowerInputError where a length, an index or a feature of the inputs is wrong */
export function validateInputs({ users, items }: TowerInputs): void {
  requireCount('users.count', users.count);
  requireCount('items.count', items.count);
  validateFields('users', users.fields, users.count);
  for (const { name, count } of users.context ?? []) requireCount(`users.context.${name}.count`, count);
  validateFields('items', items.fields, items.count);
  if (users.eventTypes) requireCount('users.eventTypes', users.eventTypes.length);
}

/** @throws TowerInputError where the batch does not fit the inputs or its columns do not fit each other */
export function validateUserBatch(batch: UserBatch, { users, items }: TowerInputs, historyLength: number): void {
  const count = batch.users.length;
  requireRange('users', batch.users, -1, users.count);
  const lists = batch.sequences ? batch.historyOffsets.length - 1 : count;
  requireOffsets('historyOffsets', batch.historyOffsets, lists, batch.historyItems.length);
  requireRange('historyItems', batch.historyItems, 0, items.count);
  if (batch.historyTypes) validateTypes(batch.historyTypes, users.eventTypes, batch.historyItems.length);
  if (batch.sequences) validateSequences(batch.sequences, batch.historyOffsets, count);
  for (let i = 0; i < lists; i++) {
    const length = batch.historyOffsets[i + 1] - batch.historyOffsets[i];
    if (length > historyLength) {
      throw new TowerInputError(
        'historyItems',
        `The history of batch entry ${i} has ${length} items; pass the newest ${historyLength} at most.`,
      );
    }
  }
  if (batch.features) {
    const numbers = numbersOf(users.fields);
    if (!numbers) {
      throw new TowerInputError('features', 'The model was built without user features; leave them out of the batch.');
    }
    requireLength('features', batch.features, count * numbers.width);
    requireFinite('features', batch.features, numbers.width);
  }
  if (batch.context) validateContext(batch.context, users.context ?? [], count);
}

function validateTypes(types: Int32Array, names: readonly string[] | undefined, entries: number): void {
  if (names === undefined) {
    throw new TowerInputError(
      'historyTypes',
      'The model was built without types of events; leave historyTypes out of the batch.',
    );
  }
  requireLength('historyTypes', types, entries);
  requireRange('historyTypes', types, -1, names.length);
}

function validateContext(labels: readonly Int32Array[], context: readonly ContextInput[], count: number): void {
  requireLength('context', labels, context.length);
  for (const [place, { name, count: end }] of context.entries()) {
    requireLength(`context.${name}`, labels[place], count);
    requireRange(`context.${name}`, labels[place], -1, end);
  }
}

function validateSequences(
  { of, lengths }: NonNullable<UserBatch['sequences']>,
  offsets: Int32Array,
  count: number,
): void {
  requireLength('sequences.of', of, count);
  requireLength('sequences.lengths', lengths, count);
  requireRange('sequences.of', of, 0, offsets.length - 1);
  for (let i = 0; i < count; i++) {
    const whole = offsets[of[i] + 1] - offsets[of[i]];
    if (lengths[i] >= 0 && lengths[i] <= whole) continue;
    const name = 'sequences.lengths';
    throw new TowerInputError(name, `${name}[${i}] must be from 0 to ${whole}; got ${lengths[i]}.`);
  }
}

/** @throws TowerInputError where a row is not an item */
export function validateItemRows(rows: Int32Array, count: number): void {
  requireRange('items', rows, 0, count);
}

/** @throws TowerInputError where the batch does not fit the inputs, or its fields are others */
export function validateItemBatch(
  batch: { readonly items: Int32Array; readonly fields: readonly FieldInput[] },
  { count, fields = [] }: ItemInputs,
): void {
  requireRange('items', batch.items, -1, count);
  requireLength('fields', batch.fields, fields.length);
  for (const [place, field] of fields.entries()) {
    const given = batch.fields[place];
    const name = `items.${field.kind}.${field.name}`;
    if (given.kind !== field.kind || given.name !== field.name || sizeOf(given) !== sizeOf(field)) {
      throw new TowerInputError(name, `Field ${place} of a batch must be ${name} of size ${sizeOf(field)}.`);
    }
    validateField(name, given, batch.items.length);
  }
}

function validateFields(side: string, fields: readonly FieldInput[] = [], rows: number): void {
  const names = new Set<string>();
  for (const field of fields) {
    const name = `${side}.${field.kind}.${field.name}`;
    if (names.has(name)) throw new TowerInputError(name, `${name} is given twice; give each field a name of its own.`);
    names.add(name);
    validateField(name, field, rows);
  }
  if (fields.filter(({ kind }) => kind === 'numbers').length > 1) {
    throw new TowerInputError(side, `${side} has several fields of numbers; put their columns into one.`);
  }
}

function validateField(name: string, field: FieldInput, rows: number): void {
  switch (field.kind) {
    case 'category':
      requireCount(`${name}.count`, field.count);
      requireLength(`${name}.values`, field.values, rows);
      requireRange(`${name}.values`, field.values, -1, field.count);
      break;
    case 'path':
    case 'tags':
    case 'text':
      requireCount(`${name}.count`, field.count);
      requireOffsets(`${name}.offsets`, field.offsets, rows, field.values.length);
      requireRange(`${name}.values`, field.values, 0, field.count);
      break;
    case 'numbers':
    case 'vectors':
      requireCount(`${name}.width`, field.width);
      requireLength(`${name}.values`, field.values, rows * field.width);
      requireFinite(`${name}.values`, field.values, field.width);
      break;
  }
}

function requireCount(name: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new TowerInputError(name, `${name} must be a whole number of at least 1; got ${count}.`);
  }
}

function requireLength(name: string, values: ArrayLike<unknown>, expected: number): void {
  if (values.length !== expected) {
    throw new TowerInputError(name, `${name} must have ${expected} entries; got ${values.length}.`);
  }
}

function requireRange(name: string, values: Int32Array, low: number, end: number): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low || values[i] >= end) {
      throw new TowerInputError(name, `${name}[${i}] must be from ${low} to ${end - 1}; got ${values[i]}.`);
    }
  }
}

function requireFinite(name: string, values: Float32Array, width: number): void {
  for (let i = 0; i < values.length; i++) {
    // A sum that is finite with zero factor is the cheapest test that catches NaN and both infinities.
    if (values[i] * 0 !== 0) {
      throw new TowerInputError(
        name,
        `${name} must be finite; row ${Math.floor(i / width)}, column ${i % width} is ${values[i]}.`,
      );
    }
  }
}

function requireOffsets(name: string, offsets: Int32Array, lists: number, entries: number): void {
  requireLength(name, offsets, lists + 1);
  if (offsets[0] !== 0 || offsets[lists] !== entries) {
    throw new TowerInputError(name, `${name} must start at 0 and end at ${entries}, the number of entries.`);
  }
  for (let i = 0; i < lists; i++) {
    if (offsets[i + 1] < offsets[i]) {
      throw new TowerInputError(name, `${name} must never fall; it does at entry ${i + 1}.`);
    }
  }
}
