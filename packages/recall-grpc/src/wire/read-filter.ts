import { filterLimits, FilterSyntaxError, parseFilter, type Filter } from '@vector-recall/item-catalogue';
import { WireRequestError } from '../errors';
import { LabelsMode } from '../gen/recall/v1/recall';
import type { IdLists } from './id-lists';
import { delimited, fixed64, varint } from './tags';
import type { ProtoReader } from './proto-reader';

const labelModes = new Map<number, 'any' | 'all' | 'none'>([
  [LabelsMode.LABELS_MODE_UNSPECIFIED, 'any'],
  [LabelsMode.LABELS_MODE_ANY, 'any'],
  [LabelsMode.LABELS_MODE_ALL, 'all'],
  [LabelsMode.LABELS_MODE_NONE, 'none'],
]);

/**
 * The filter in a field of a request. Its attributes and bounds are the service's to check.
 * @param ids the lists of ids of the request, which those of the filter are counted with
 * @throws WireRequestError
 */
export function readFilter(reader: ProtoReader, ids: IdLists, depth = 1): Filter {
  if (depth > filterLimits.maxDepth) {
    throw new WireRequestError('filter', `filter is nested more than ${filterLimits.maxDepth} deep; use fewer levels.`);
  }
  let filter: Filter | undefined;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) filter = { kind: 'allOf', filters: readFilters(reader.message(), ids, depth) };
    else if (tag === delimited(2)) filter = { kind: 'anyOf', filters: readFilters(reader.message(), ids, depth) };
    else if (tag === delimited(3)) filter = { kind: 'not', filter: readFilter(reader.message(), ids, depth + 1) };
    else if (tag === delimited(4)) filter = readLabels(reader.message());
    else if (tag === delimited(5)) filter = readRange('range', reader.message());
    else if (tag === delimited(6)) filter = readRange('age', reader.message());
    else if (tag === delimited(7)) filter = { kind: 'ids', ids: ids.read('filter', reader, undefined) };
    else if (tag === delimited(8)) filter = parseText(reader.text());
    else reader.skip(tag);
  }
  if (filter !== undefined) return filter;
  throw new WireRequestError('filter', 'filter, or a part of it, is empty; set one of its fields, or leave it out.');
}

function parseText(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw new WireRequestError('filter', error.message);
    throw error;
  }
}

function readFilters(reader: ProtoReader, ids: IdLists, depth: number): Filter[] {
  const filters: Filter[] = [];
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) filters.push(readFilter(reader.message(), ids, depth + 1));
    else reader.skip(tag);
    if (filters.length > filterLimits.maxFilters) {
      throw new WireRequestError(
        'filter',
        `filter has more than ${filterLimits.maxFilters} parts; list values in one.`,
      );
    }
  }
  return filters;
}

function readLabels(reader: ProtoReader): Filter {
  let attribute = '';
  const values: string[] = [];
  let number = 0;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) attribute = reader.text();
    else if (tag === delimited(2)) values.push(reader.text());
    else if (tag === varint(3)) number = reader.uint32();
    else reader.skip(tag);
  }
  const mode = labelModes.get(number);
  if (mode !== undefined) return { kind: 'labels', attribute, values, mode };
  throw new WireRequestError('filter', `filter: labels.mode is ${number}, which this server does not know.`);
}

function readRange(kind: 'range' | 'age', reader: ProtoReader): Filter {
  let attribute = '';
  let min: number | undefined;
  let max: number | undefined;
  let excludesMin = false;
  let excludesMax = false;
  while (!reader.isDone) {
    const tag = reader.tag();
    if (tag === delimited(1)) attribute = reader.text();
    else if (tag === fixed64(2)) min = reader.double();
    else if (tag === fixed64(3)) max = reader.double();
    else if (tag === varint(4)) excludesMin = reader.bool();
    else if (tag === varint(5)) excludesMax = reader.bool();
    else reader.skip(tag);
  }
  return { kind, attribute, min, max, excludesMin, excludesMax };
}
