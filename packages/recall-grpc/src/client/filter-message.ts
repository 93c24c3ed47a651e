import { FilterSyntaxError, parseFilter, type Filter } from '@vector-recall/item-catalogue';
import { Filter as FilterMessage, LabelsMode } from '../gen/recall/v1/recall';
import { ClientRequestError } from './errors';
import { idList } from './id-list';

const labelModes = {
  any: LabelsMode.LABELS_MODE_ANY,
  all: LabelsMode.LABELS_MODE_ALL,
  none: LabelsMode.LABELS_MODE_NONE,
} as const;

/**
 * A filter as the wire has it. Attributes and limits are the server's to check.
 * @param given a filter, or its text
 * @throws ClientRequestError
 */
export function filterMessage(given: Filter | string): FilterMessage {
  return FilterMessage.fromPartial(messageOf(typeof given === 'string' ? parse(given) : given));
}

function messageOf(filter: Filter): Partial<FilterMessage> {
  switch (filter.kind) {
    case 'allOf':
      return { allOf: { filters: filter.filters.map((part) => FilterMessage.fromPartial(messageOf(part))) } };
    case 'anyOf':
      return { anyOf: { filters: filter.filters.map((part) => FilterMessage.fromPartial(messageOf(part))) } };
    case 'not':
      return { not: FilterMessage.fromPartial(messageOf(filter.filter)) };
    case 'labels':
      return { labels: { attribute: filter.attribute, values: [...filter.values], mode: labelModes[filter.mode] } };
    case 'range':
    case 'age': {
      const { kind, attribute, min, max, excludesMin = false, excludesMax = false } = filter;
      return { [kind]: { attribute, min, max, excludesMin, excludesMax } };
    }
    case 'ids':
      return { ids: idList('filter', filter.ids) };
  }
}

function parse(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw new ClientRequestError('filter', error.message);
  }
}
