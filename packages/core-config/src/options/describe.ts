import type { ConfigOption, OptionRange, OptionValue } from './option';

function describeRange(range: OptionRange): string {
  const low = range.min === undefined ? '' : `${range.minExcluded === true ? 'above' : 'at least'} ${range.min}`;
  const high = range.max === undefined ? '' : `${range.maxExcluded === true ? 'below' : 'at most'} ${range.max}`;
  return low !== '' && high !== '' ? `${low} and ${high}` : low + high;
}

/** What an option accepts, short enough for a table: `2 to 4096`, `0 to below 1`, `a | b`. Empty when anything goes. */
export function describeAllowed(option: ConfigOption): string {
  if (option.choices !== undefined) return option.choices.join(' | ');
  if (option.type === 'boolean') return 'true | false';
  const range = option.range;
  if (range === undefined) return '';
  const { min, max, minExcluded = false, maxExcluded = false } = range;
  if (min === undefined || max === undefined || minExcluded) return describeRange(range);
  return `${min} to ${maxExcluded ? 'below ' : ''}${max}`;
}

/** What an option requires, as the end of "it must be …": `a whole number, at least 2 and at most 4096`. */
export function describeRequirement(option: ConfigOption): string {
  if (option.choices !== undefined) return `one of ${option.choices.join(', ')}`;
  const range = option.range === undefined ? '' : describeRange(option.range);
  switch (option.type) {
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a text that is not empty';
    case 'integer':
      return `a whole number${range === '' ? '' : ` ${range}`}`;
    case 'number':
      return `a number${range === '' ? '' : ` ${range}`}`;
    case 'integers': {
      const most = option.length?.max === undefined ? '' : `at most ${option.length.max} `;
      const numbers = `a list of ${most}whole numbers${range === '' ? '' : `, each ${range}`}`;
      return (option.length?.min ?? 0) > 0 ? `${numbers}, with at least one entry` : numbers;
    }
  }
}

/** A value as a person would type it on the command line: lists with commas, no quotes. */
export function formatOptionValue(value: OptionValue): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
