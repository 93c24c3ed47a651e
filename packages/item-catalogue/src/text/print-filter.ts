import type { Bounds, Filter } from '../filter';

/** The text of a filter, as `parseFilter` reads it. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'allOf':
      return filter.filters.map(operand).join(' and ');
    case 'anyOf':
      return filter.filters.map(operand).join(' or ');
    case 'not':
      return `not ${operand(filter.filter)}`;
    case 'labels':
      return `${nameOf(filter.attribute)} ${listWords[filter.mode]} ${listOf(filter.values)}`;
    case 'ids':
      return `id in ${listOf(filter.ids)}`;
    case 'range':
      return `${nameOf(filter.attribute)} ${boundsOf(filter, String)}`;
    case 'age':
      return `age(${nameOf(filter.attribute)}) ${boundsOf(filter, (seconds) => `${seconds}s`)}`;
  }
}

const listWords = { any: 'in', all: 'has all', none: 'not in' } as const;

/** Between `and`, `or` and `not`. */
function operand(filter: Filter): string {
  const isCompound = filter.kind === 'allOf' || filter.kind === 'anyOf';
  return isCompound ? `(${printFilter(filter)})` : printFilter(filter);
}

/** Words that mean something where an attribute may stand. */
const reserved = /^(?:and|or|not|id|age|in|has|all|Infinity[smhd]?)$/;

function nameOf(attribute: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(attribute) && !reserved.test(attribute)) return attribute;
  return `\`${attribute.replace(/[`\\]/g, '\\$&')}\``;
}

function listOf(values: readonly (number | string)[]): string {
  return `(${values.map((value) => JSON.stringify(value)).join(', ')})`;
}

function boundsOf({ min, max, excludesMin, excludesMax }: Bounds, print: (value: number) => string): string {
  if (min !== undefined && max !== undefined) {
    return `in ${excludesMin === true ? '(' : '['}${print(min)}, ${print(max)}${excludesMax === true ? ')' : ']'}`;
  }
  if (min !== undefined) return `>${excludesMin === true ? '' : '='} ${print(min)}`;
  return `<${excludesMax === true ? '' : '='} ${print(max ?? NaN)}`;
}
