import {
  compileConfig,
  givenOptions,
  type GivenOptions,
  listOptions,
  renderOptionReference,
  type SectionName,
  sectionSchemas,
  type VectorRecallConfig,
} from '@vector-recall/core-config';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { CommandDefinition } from './command';

const ownFlags = z.object({ reference: z.boolean().optional() });

const header = `# The options that were given. The others are comments with their values so far: a preset or the data may
# still choose different ones. Remove the # to fix a value.
`;

/** A config file of what was given, in which every other option stands as a comment. */
export function renderConfig(given: GivenOptions, config: VectorRecallConfig): string {
  const sections = (Object.keys(sectionSchemas) as SectionName[]).map((section) => {
    const values: Readonly<Record<string, unknown>> = config[section];
    const lines = listOptions()
      .filter((option) => option.section === section)
      .map(({ key }) => {
        const line = `${key}: ${render(values[key])}`;
        return given[section]?.[key] === undefined ? `  # ${line}` : `  ${line}`;
      });
    return [`${section}:`, ...lines, ''].join('\n');
  });
  return [header, ...sections].join('');
}

/** A value on one line. */
function render(value: unknown): string {
  return typeof value === 'string' ? stringify(value, { lineWidth: 0 }).trim() : JSON.stringify(value);
}

export const configCommand: CommandDefinition = {
  name: 'config',
  summary: 'write the options that are given as a config file, and the others as comments in it',
  accepts: () => true,
  usesStoredConfig: false,
  declare: (command) => {
    command.option('--reference', 'the reference of all options in Markdown instead');
  },
  run: ({ flags, file, env, own }) => {
    const given = givenOptions({ file, env, flags });
    const text =
      ownFlags.parse(own).reference === true
        ? renderOptionReference()
        : renderConfig(given, compileConfig({ file, env, flags }));
    return Promise.resolve({ json: given, sections: [], text });
  },
};
