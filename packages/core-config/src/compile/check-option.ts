import type { z } from 'zod';
import { sectionSchemas } from '../config';
import { ConfigError } from '../errors';
import { describeRequirement } from '../options/describe';
import { listOptions } from '../options/list-options';
import type { ConfigOption, OptionValue } from '../options/option';

/** Finds the option whose `field` holds `name`. */
export function findOption(field: 'path' | 'flag' | 'env', name: string): ConfigOption | undefined {
  return listOptions().find((option) => option[field] === name);
}

function schemaOf(option: ConfigOption): z.ZodType<OptionValue> {
  const shapes: Readonly<Record<string, z.ZodType<OptionValue> | undefined>> = sectionSchemas[option.section].shape;
  const schema = shapes[option.key];
  if (schema === undefined) throw new ConfigError(option.path, `There is no option ${option.path}.`);
  return schema;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
}

/**
 * Checks one value against its option.
 * @param value what was given; numbers and lists are already parsed where they could be
 * @param origin where it was given, ready for the sentence: `--batch-size` or `training.batchSize in run.yaml, line 3`
 */
export function checkOption(option: ConfigOption, value: unknown, origin: string): OptionValue {
  const result = schemaOf(option).safeParse(value);
  // An absent value would be filled with the default: right in a whole config, wrong for something that was given.
  if (result.success && value !== undefined) return result.data;
  const requirement = option.requirement ?? describeRequirement(option);
  throw new ConfigError(option.path, `${origin} is ${show(value)}, but it must be ${requirement}.`);
}

/** Reads a value that was typed as text, on the command line or in the environment; what doesn't parse stays text. */
export function parseText(option: ConfigOption, text: string): unknown {
  const trimmed = text.trim();
  switch (option.type) {
    case 'integer':
    case 'number':
      // Number('') is 0: an empty value must not pass as one.
      return trimmed === '' || Number.isNaN(Number(trimmed)) ? text : Number(trimmed);
    case 'boolean':
      return { true: true, '1': true, yes: true, false: false, '0': false, no: false }[trimmed.toLowerCase()] ?? text;
    case 'integers': {
      const parts = trimmed === '' ? [] : trimmed.split(',').map((part) => part.trim());
      return parts.some((part) => part === '' || Number.isNaN(Number(part))) ? text : parts.map(Number);
    }
    case 'string':
      return text;
  }
}
