import { compileConfig, renderOptionReference } from '@vector-recall/core-config';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { CommandDefinition } from './command';

const ownFlags = z.object({ reference: z.boolean().optional() });

export const configCommand: CommandDefinition = {
  name: 'config',
  summary: 'show the options that a run with the same flags would have, as a config file',
  accepts: () => true,
  usesStoredConfig: false,
  declare: (command) => {
    command.option('--reference', 'the reference of all options in Markdown instead');
  },
  run: ({ flags, file, env, own }) => {
    const config = compileConfig({ file, env, flags });
    const text = ownFlags.parse(own).reference === true ? renderOptionReference() : stringify(config);
    return Promise.resolve({ json: config, sections: [], text });
  },
};
