import { TowerInputError } from '../errors';
import type { FeatureInput, TowerInputs, UserBatch } from './types';

/** @throws TowerInputError where a length, an index or a feature of the inputs is wrong */
export function validateInputs({ users, items }: TowerInputs): void {
  requireCount('users.count', users.count);
  requireCount('items.count', items.count);
  if (users.features) validateFeatures('users.features', users.features, users.count);
  if (items.features) validateFeatures('items.features', items.features, items.count);
  if (items.categories) {
    requireCount('items.categories.count', items.categories.count);
    requireLength('items.categories.values', items.categories.values, items.count);
    requireRange('items.categories.values', items.categories.values, -1, items.categories.count);
  }
  if (items.tags) {
    requireCount('items.tags.count', items.tags.count);
    requireOffsets('items.tags.offsets', items.tags.offsets, items.count, items.tags.values.length);
    requireRange('items.tags.values', items.tags.values, 0, items.tags.count);
  }
}

/** @throws TowerInputError where the batch does not fit the inputs or its columns do not fit each other */
export function validateUserBatch(batch: UserBatch, { users, items }: TowerInputs, historyLength: number): void {
  const count = batch.users.length;
  requireRange('users', batch.users, -1, users.count);
  requireOffsets('historyOffsets', batch.historyOffsets, count, batch.historyItems.length);
  requireRange('historyItems', batch.historyItems, 0, items.count);
  for (let i = 0; i < count; i++) {
    const length = batch.historyOffsets[i + 1] - batch.historyOffsets[i];
    if (length > historyLength) {
      throw new TowerInputError(
        'historyItems',
        `The history of batch entry ${i} has ${length} items; pass the newest ${historyLength} at most.`,
      );
    }
  }
  if (batch.features) {
    if (!users.features) {
      throw new TowerInputError('features', 'The model was built without user features; leave them out of the batch.');
    }
    requireLength('features', batch.features, count * users.features.width);
    requireFinite('features', batch.features, users.features.width);
  }
}

/** @throws TowerInputError where a row is not an item */
export function validateItemRows(rows: Int32Array, count: number): void {
  requireRange('items', rows, 0, count);
}

function validateFeatures(name: string, { width, values }: FeatureInput, rows: number): void {
  requireCount(`${name}.width`, width);
  requireLength(`${name}.values`, values, rows * width);
  requireFinite(`${name}.values`, values, width);
}

function requireCount(name: string, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new TowerInputError(name, `${name} must be a whole number of at least 1; got ${count}.`);
  }
}

function requireLength(name: string, values: ArrayLike<number>, expected: number): void {
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
