import type { AttributeKind, AttributeSchema } from './attribute-schema';
import { FilterError } from './errors';
import { filterLimits, labelModes, type Bounds, type Filter } from './filter';

/**
 * Checks a filter against the attributes of a catalogue, and its size against {@link filterLimits}.
 * @throws FilterError
 */
export function checkFilter(filter: Filter, schema: AttributeSchema): void {
  new FilterCheck(schema).check(filter, '', 1);
}

class FilterCheck {
  #filters = 0;
  #values = 0;

  constructor(private readonly schema: AttributeSchema) {}

  check(filter: Filter, path: string, depth: number): void {
    const { maxDepth, maxFilters } = filterLimits;
    if (!isObject(filter)) throw new FilterError(path, `${path || 'The filter'} must be an object with a kind.`);
    if (depth > maxDepth) {
      throw new FilterError(path, `The filter is nested more than ${maxDepth} deep; write it with fewer levels.`);
    }
    if (++this.#filters > maxFilters) {
      throw new FilterError(path, `The filter has more than ${maxFilters} parts; list values in one part.`);
    }
    const at = (field: string): string => (path === '' ? field : `${path}.${field}`);
    switch (filter.kind) {
      case 'allOf':
      case 'anyOf':
        this.#checkList(at(filter.kind), 'filters', filter.filters);
        for (const [i, inner] of filter.filters.entries()) this.check(inner, `${at(filter.kind)}[${i}]`, depth + 1);
        break;
      case 'not':
        this.check(filter.filter, at('not'), depth + 1);
        break;
      case 'labels':
        this.#checkAttribute(at('labels'), filter.attribute, ['labels']);
        this.#checkValues(at('labels.values'), filter.values, (value) => typeof value === 'string', 'strings');
        if (!labelModes.includes(filter.mode)) {
          throw new FilterError(at('labels.mode'), `${at('labels.mode')} must be any, all or none.`);
        }
        break;
      case 'range':
        this.#checkAttribute(at('range'), filter.attribute, ['number', 'date']);
        checkBounds(at('range'), filter);
        break;
      case 'age':
        this.#checkAttribute(at('age'), filter.attribute, ['date']);
        checkBounds(at('age'), filter);
        break;
      case 'ids':
        this.#checkValues(at('ids'), filter.ids, isId, 'integers or strings');
        break;
      default:
        throw new FilterError(
          path,
          `${path || 'The filter'} has an unknown kind; it must be allOf, anyOf, not, labels, range, age or ids.`,
        );
    }
  }

  #checkAttribute(path: string, attribute: unknown, kinds: readonly AttributeKind[]): void {
    if (typeof attribute !== 'string') {
      throw new FilterError(`${path}.attribute`, `${path}.attribute must be the name of an attribute.`);
    }
    const kind = this.schema.kindOf(attribute);
    if (kind === undefined) {
      throw new FilterError(
        `${path}.attribute`,
        `There is no attribute ${JSON.stringify(attribute)}; ${this.schema.describe()}.`,
      );
    }
    if (kinds.includes(kind)) return;
    throw new FilterError(
      `${path}.attribute`,
      `The attribute ${attribute} holds ${nouns[kind]}, so it cannot be compared with ${kinds.map((other) => nouns[other]).join(' or ')}.`,
    );
  }

  #checkList(path: string, of: string, list: unknown): void {
    if (!Array.isArray(list)) throw new FilterError(path, `${path} must be an array of ${of}.`);
    if (list.length === 0) throw new FilterError(path, `${path} is empty; it must have at least one entry.`);
  }

  #checkValues(path: string, values: readonly unknown[], fits: (value: unknown) => boolean, of: string): void {
    this.#checkList(path, of, values);
    this.#values += values.length;
    if (this.#values > filterLimits.maxValues) {
      throw new FilterError(
        path,
        `The filter has more than ${filterLimits.maxValues} values; use fewer labels and ids.`,
      );
    }
    if (!values.every(fits)) throw new FilterError(path, `${path} must be an array of ${of}.`);
  }
}

const nouns: Record<AttributeKind, string> = { labels: 'labels', number: 'numbers', date: 'dates' };

function checkBounds(path: string, { min, max }: Bounds): void {
  if (min === undefined && max === undefined) {
    throw new FilterError(path, `${path} has no bound; set min, max or both.`);
  }
  for (const [name, value] of Object.entries({ min, max })) {
    if (value === undefined || (typeof value === 'number' && !Number.isNaN(value))) continue;
    throw new FilterError(`${path}.${name}`, `${path}.${name} must be a number.`);
  }
}

function isId(value: unknown): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
