import { CatalogueError } from '../errors';
import type { Catalogue, FeatureColumns } from './catalogue';

/** @throws CatalogueError where lengths, offsets or indexes do not fit together */
export function checkCatalogue(catalogue: Catalogue): void {
  const { userIds, itemIds, names, categories, tags, history } = catalogue;
  const users = userIds.size;
  const items = itemIds.size;
  checkOffsets('history', history.offsets, users, 'users', history.items.length);
  checkIndexes('history.items', history.items, 0, items);
  if (names !== undefined) checkLength('names', names.length, items, 'items');
  if (categories !== undefined) {
    checkLength('categories', categories.values.length, items, 'items');
    checkIndexes('categories.values', categories.values, -1, categories.labels.length);
  }
  if (tags !== undefined) {
    checkOffsets('tags', tags.offsets, items, 'items', tags.values.length);
    checkIndexes('tags.values', tags.values, 0, tags.labels.length);
  }
  checkFeatures('itemFeatures', catalogue.itemFeatures, items, 'items');
  checkFeatures('userFeatures', catalogue.userFeatures, users, 'users');
}

function checkLength(part: string, length: number, expected: number, of: string): void {
  if (length !== expected) {
    throw new CatalogueError(part, `${part} has ${length} rows, but there are ${expected} ${of}.`);
  }
}

function checkOffsets(part: string, offsets: Int32Array, rows: number, of: string, end: number): void {
  checkLength(`${part}.offsets`, offsets.length - 1, rows, of);
  const isAscending = offsets.every((offset, i) => i === 0 || offset >= offsets[i - 1]);
  if (offsets[0] !== 0 || offsets[rows] !== end || !isAscending) {
    throw new CatalogueError(`${part}.offsets`, `${part}.offsets must ascend from 0 to ${end}.`);
  }
}

function checkIndexes(part: string, values: Int32Array, least: number, end: number): void {
  const wrong = values.findIndex((value) => value < least || value >= end);
  if (wrong !== -1) {
    throw new CatalogueError(part, `${part}[${wrong}] is ${values[wrong]}, which is outside [${least}, ${end}).`);
  }
}

function checkFeatures(part: string, features: FeatureColumns | undefined, rows: number, of: string): void {
  if (features === undefined) return;
  const { names, width, values, standardisation } = features;
  if (width < 1 || values.length !== rows * width) {
    throw new CatalogueError(part, `${part} has ${values.length} values instead of ${rows} ${of} times ${width}.`);
  }
  for (const [list, length] of [
    ['names', names.length],
    ['standardisation.mean', standardisation?.mean.length ?? width],
    ['standardisation.scale', standardisation?.scale.length ?? width],
  ] as const) {
    if (length !== width) {
      throw new CatalogueError(part, `${part}.${list} has ${length} entries, but the features have ${width} columns.`);
    }
  }
}
