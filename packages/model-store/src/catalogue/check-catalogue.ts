import { CatalogueError } from '../errors';
import type { Catalogue } from './catalogue';
import type { CatalogueField, NumbersField, VectorsField } from './fields';

/** @throws CatalogueError where lengths, offsets or indexes do not fit together */
export function checkCatalogue(catalogue: Catalogue): void {
  const { userIds, itemIds, names, userFields = [], itemFields = [], eventTypes, history } = catalogue;
  const users = userIds.size;
  const items = itemIds.size;
  checkOffsets('history', history.offsets, users, 'users', history.items.length);
  checkIndexes('history.items', history.items, 0, items);
  checkTypes(history, eventTypes);
  if (names !== undefined) checkLength('names', names.length, items, 'items');
  for (const field of userFields) checkField(`user field ${field.name}`, field, users, 'users');
  for (const field of itemFields) checkField(`item field ${field.name}`, field, items, 'items');
}

function checkTypes({ items, types }: Catalogue['history'], names: Catalogue['eventTypes']): void {
  const part = 'history.types';
  if ((types === undefined) !== (names === undefined)) {
    const [has, lacks] = types === undefined ? ['eventTypes', part] : [part, 'eventTypes'];
    throw new CatalogueError(part, `There is ${has} without ${lacks}; give both or neither.`);
  }
  if (types === undefined || names === undefined) return;
  checkLength(part, types.length, items.length, 'history.items');
  checkIndexes(part, types, -1, names.length);
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

function checkField(part: string, field: CatalogueField, rows: number, of: string): void {
  switch (field.kind) {
    case 'category':
      checkLength(part, field.values.length, rows, of);
      checkIndexes(part, field.values, -1, field.labels.length);
      break;
    case 'path':
    case 'tags':
    case 'text':
      checkOffsets(part, field.offsets, rows, of, field.values.length);
      checkIndexes(part, field.values, 0, field.kind === 'text' ? field.count : field.labels.length);
      break;
    case 'numbers':
      checkDense(part, field, rows, of);
      checkWidth(part, 'names', field.names.length, field.width);
      break;
    case 'vectors':
      checkDense(part, field, rows, of);
      break;
  }
}

function checkDense(part: string, field: NumbersField | VectorsField, rows: number, of: string): void {
  const { width, values, standardisation } = field;
  if (width < 1 || values.length !== rows * width) {
    throw new CatalogueError(part, `${part} has ${values.length} values instead of ${rows} ${of} times ${width}.`);
  }
  if (standardisation === undefined) return;
  checkWidth(part, 'standardisation.mean', standardisation.mean.length, width);
  checkWidth(part, 'standardisation.scale', standardisation.scale.length, width);
}

function checkWidth(part: string, list: string, length: number, width: number): void {
  if (length === width) return;
  throw new CatalogueError(part, `${part}: ${list} has ${length} entries, but the field has ${width} columns.`);
}
