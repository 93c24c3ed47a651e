import { compileConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import type { CommandDefinition } from './command';

const ownFlags = z.object({ resume: z.union([z.string(), z.literal(true)]).optional() });

export const trainCommand: CommandDefinition = {
  name: 'train',
  summary: 'train a model on a log, evaluate it, index its items and publish the artifact',
  accepts: ({ section }) => section !== 'server',
  usesStoredConfig: false,
  interruptNotice: 'Stopping after this step and writing a checkpoint; Ctrl-C again stops at once.',
  declare: (command) => {
    command.option('--resume [run]', 'continue an interrupted run: its name, or the latest one');
  },
  run: async ({ flags, file, env, own, progress, signal }) => {
    const { resume } = ownFlags.parse(own);
    const config = compileConfig({ file, env, flags });
    const { runTraining } = await import('@vector-recall/trainer');
    const { renderReport, runSections } = await import('@vector-recall/report');
    const summary = await runTraining(config, {
      configFor: (shape) => compileConfig({ file, env, flags, shape }),
      observer: progress,
      signal,
      resume: resume === true ? 'latest' : resume,
      renderReport,
    });
    return { json: summary, sections: runSections(summary) };
  },
};
